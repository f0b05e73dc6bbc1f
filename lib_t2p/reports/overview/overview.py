"""What a person has by now: every scored grid with its verdict, and the LoRAs that were kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from lib_t2p.errors import LoraError, T2PError
from lib_t2p.lora import KEPT, read_card
from lib_t2p.reports.overview.scope import Scope, scored_grids
from lib_t2p.reports.pages.rendering import render
from lib_t2p.runs import saved_models
from lib_t2p.scores import final_verdict

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class _Verdict:
    grid: str
    models: int
    seeds: int
    sentence: str


@dataclass(frozen=True)
class _Kept:
    stem: str
    weight: str
    notes: str


def overview_part(scope: Scope) -> Markup:
    """Grids, verdicts and kept LoRAs of a person; nothing for a run or a sweep."""
    if not scope.everything:
        return Markup()
    verdicts, kept = list(_verdicts(scope)), list(_kept(scope))
    if not verdicts and not kept:
        return Markup()
    return render(_HERE / "overview.html", verdicts=verdicts, kept=kept)


def _kept(scope: Scope) -> Iterator[_Kept]:
    folder = scope.person.workspace.loras / KEPT
    stems = [model.stem for run in scope.runs for model in saved_models(run)]
    for path in (folder / f"{stem}.safetensors" for stem in stems):
        if not path.is_file():
            continue
        try:
            card = read_card(path)
        except LoraError as error:
            yield _Kept(path.stem, "", str(error))
            continue
        yield _Kept(
            path.stem, f"{card.preferred_weight:g}" if card.preferred_weight else "", card.notes
        )


def _verdicts(scope: Scope) -> Iterator[_Verdict]:
    for grid in reversed(scored_grids(scope)):
        try:
            sentence = final_verdict(grid.folder, scope.person).sentence
        except T2PError as error:
            sentence = str(error)
        plan = grid.plan
        yield _Verdict(grid.folder.id, len(plan.models), len(plan.seeds), sentence)

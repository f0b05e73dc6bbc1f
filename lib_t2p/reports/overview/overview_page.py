"""Writing the page of a run, a sweep or a person: one file that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from markupsafe import Markup

from lib_t2p import __version__
from lib_t2p.errors import T2PError
from lib_t2p.files import write_text
from lib_t2p.grids import read_plan
from lib_t2p.jobs import Queue
from lib_t2p.reports.grid import STYLE as GRID_STYLE
from lib_t2p.reports.grid import prompt_sets_part, report_body, verdict_card
from lib_t2p.reports.overview.effects import effects_part
from lib_t2p.reports.overview.overview import overview_part
from lib_t2p.reports.overview.run_numbers import told_runs
from lib_t2p.reports.overview.scope import (
    Scope,
    effects_grid,
    names_of_runs,
    prompts_grid,
    verdict_grid,
)
from lib_t2p.reports.pages.rendering import render, whole_page
from lib_t2p.reports.run_curves import curves_of_plan
from lib_t2p.reports.sweep.sweep_page import STYLE as SWEEP_STYLE
from lib_t2p.scores import final_verdict
from lib_t2p.sweeps import RunResult
from lib_t2p.workspace import GridFolder, PersonFolder, load_person

_HERE = Path(__file__).parent
NOTHING_SCORED = "No pictures were scored yet: paint a grid of the saved models for a verdict."


@dataclass(frozen=True)
class Written:
    """A report.

    Attributes:
        path: of the page.
        sentence: its verdict.
        results: what came of each run that it tells of.
    """

    path: Path
    sentence: str
    results: Sequence[RunResult]


def write_page(path: Path, title: str, parts: Iterable[Markup]) -> None:
    """Join parts, those that are empty left out, and write the page.

    Raises:
        WorkspaceError: the disk is full or may not be written.
    """
    body = Markup("\n").join(part for part in parts if part)
    write_text(path, whole_page(title, body, [SWEEP_STYLE, GRID_STYLE]))


def set_apart(part: Markup) -> Markup:
    """A part that begins a sheet of its own on paper; nothing of nothing."""
    return Markup('<div class="part">\n{}\n</div>').format(part) if part else part


def write_scope_report(scope: Scope, queue: Queue, now: float) -> Written:
    """Write the page of a run, a sweep or a person from what there is so far.

    Args:
        scope: what it is about.
        queue: of the workspace.
        now: Unix seconds.

    Raises:
        T2PError: a file that the page needs is missing or damaged, or the disk is full.
    """
    grid, told = verdict_grid(scope), told_runs(scope, queue)
    sentence = final_verdict(grid, scope.person).sentence if grid else NOTHING_SCORED
    write_page(
        scope.page,
        scope.title,
        [
            _head(scope, now),
            verdict_card(grid, scope.person) if grid else _no_verdict(),
            overview_part(scope),
            _effects(scope),
            _prompts(scope),
            set_apart(grid_part(grid, scope.person, queue) if grid else Markup()),
            set_apart(told.part),
            _consent(scope.person) if not grid else Markup(),
        ],
    )
    return Written(scope.page, sentence, told.results)


def grid_part(grid: GridFolder, person: PersonFolder, queue: Queue) -> Markup:
    """Grid, scores and curves of the runs that it shows; raises `T2PError`."""
    return report_body(grid, person, curves_of_plan(queue, person, read_plan(grid)))


def clock(seconds: float) -> str:
    """Date and time of day where this computer stands."""
    return datetime.fromtimestamp(seconds, timezone.utc).astimezone().strftime("%Y-%m-%d %H:%M")


def _head(scope: Scope, now: float) -> Markup:
    return render(_HERE / "head.html", title=scope.title, written=clock(now), version=__version__)


def _no_verdict() -> Markup:
    return render(_HERE / "no_verdict.html", sentence=NOTHING_SCORED)


def _consent(person: PersonFolder) -> Markup:
    return render(_HERE / "consent.html", who=load_person(person))


def _effects(scope: Scope) -> Markup:
    if scope.sweep is None:
        return Markup()
    names = {folder.id: name for folder, name in names_of_runs(scope.sweep).items()}
    return effects_part(scope.sweep, effects_grid(scope), names)


def _prompts(scope: Scope) -> Markup:
    grid = prompts_grid(scope)
    try:
        return prompt_sets_part(grid) if grid else Markup()
    except T2PError:
        # Pictures to look at; without them the page still says all that it is read for.
        return Markup()

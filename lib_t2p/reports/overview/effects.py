"""What each setting of a sweep does to the likeness, as a part of a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from lib_t2p.grids import GridPlan, read_plan
from lib_t2p.reports.grid.svg_plot import change_bar
from lib_t2p.reports.pages.rendering import render
from lib_t2p.scores import ComparedRun, Effect, effects
from lib_t2p.scores.verdict import Scores, read_scores
from lib_t2p.search import read_search
from lib_t2p.sweeps import Sweep, expand, read_sweep
from lib_t2p.workspace import GridFolder, SweepFolder

_HERE = Path(__file__).parent


def effects_part(place: SweepFolder, grid: GridFolder | None, names: Mapping[str, str]) -> Markup:
    """The part; nothing when no pictures compare settings and no search chose.

    Args:
        place: of the sweep.
        grid: shows the runs' last models after equal training; None without one.
        names: folder name of a run -> its name within the sweep.

    Raises:
        T2PError: a file of the grid or of the sweep is missing or damaged.
    """
    found = effects_of(read_sweep(place), read_plan(grid), read_scores(grid), names) if grid else []
    search = _search_sentence(place)
    if not found and not search:
        return Markup()
    changes = [effect.difference for effect in found]
    end = max((abs(edge) for c in changes for edge in (c.low, c.high)), default=0.0)
    bars = [Markup(change_bar(c.low, c.mean, c.high, end=end)) for c in changes]
    shown = list(zip(found, bars, strict=True))
    return render(_HERE / "effects.html", effects=shown, search=search)


def effects_of(
    sweep: Sweep, plan: GridPlan, scores: Scores, names: Mapping[str, str]
) -> list[Effect]:
    """What each setting of a sweep does to the likeness.

    Args:
        sweep: says which runs differ in what.
        plan: of the grid that shows the runs' last models.
        scores: of that grid.
        names: folder name of a run -> its name within the sweep.
    """
    stems = {names.get(model.run, ""): model.stem for model in plan.models}
    seen: Counter[str] = Counter()
    compared = []
    for run in expand(sweep):
        stem = next((stems[name] for name in (run.name, *run.also) if name in stems), None)
        if stem is not None:
            compared.append(ComparedRun(stem, run.labels, seen[run.group]))
            seen[run.group] += 1
    return effects(compared, scores)


def _search_sentence(place: SweepFolder) -> str:
    """How runs were chosen; empty without a search."""
    if not place.search.exists():
        return ""
    plan = read_search(place)
    shares = ", ".join(f"{rung.trained:.0%}" for rung in plan.rungs)
    return (
        f"Runs were compared by their pictures after {shares} of their epochs, and only the "
        f"nearest were trained on (sampler {plan.sampler}). What the settings do is seen after the "
        "first of these, where all runs are there."
    )

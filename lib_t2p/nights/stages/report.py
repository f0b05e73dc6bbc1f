"""The page that is there in the morning: verdict first, then everything that led to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from markupsafe import Markup

from lib_t2p import __version__
from lib_t2p.errors import T2PError
from lib_t2p.jobs import Job
from lib_t2p.nights.stages.night_runs import is_sweep, sweep_of, trained
from lib_t2p.nights.stages.night_verdicts import compared_grids, prompts_grid, verdict_grid
from lib_t2p.nights.stages.stage_context import StageContext
from lib_t2p.reports.grid import prompt_sets_part, verdict_card
from lib_t2p.reports.overview import (
    clock,
    effects_part,
    grid_part,
    set_apart,
    told_sweep,
    write_page,
)
from lib_t2p.reports.pages import render
from lib_t2p.runs import read_run
from lib_t2p.workspace import load_person

_HERE = Path(__file__).parent


def write_night_report(at: StageContext) -> list[Job]:
    """Write `report.html` of the night; a part that cannot be shown is named instead."""
    at.context.phase("report")
    grid = verdict_grid(at)
    person = load_person(at.person)
    head = render(
        _HERE / "head.html",
        person=person,
        night=at.night,
        began=clock(at.night.created),
        ended=clock(at.context.clock()),
        version=__version__,
    )
    effects = _shown(at, "What the settings do", _effects)
    prompts = _shown(at, "Simple, complex and random prompts", _prompts)
    runs = _shown(at, "The page of the runs", _runs)
    # Last, since it says which of the others could not be shown.
    card = verdict_card(grid, at.person, more=_kept(at), notes=at.state.notes)
    pictures = set_apart(grid_part(grid, at.person, at.context.queue))
    title = f"{person.name}: {at.folder.id}"
    write_page(at.folder.report, title, [head, card, effects, prompts, pictures, set_apart(runs)])
    return []


def _shown(at: StageContext, what: str, part: Callable[[StageContext], Markup]) -> Markup:
    try:
        return part(at)
    except T2PError as error:
        at.note(f"{what} could not be shown: {error}")
        return Markup()


def _kept(at: StageContext) -> str:
    result = at.state.result
    if not result.get("kept"):
        return ""
    name, weight = result["kept_name"], result["weight"]
    return f"Kept in the LoRA folder as {name}, preferred weight {weight:g}."


def _prompts(at: StageContext) -> Markup:
    """Nothing for a night that began with an older version, or whose painting failed."""
    grid = prompts_grid(at)
    return prompt_sets_part(grid) if grid.requests.exists() else Markup()


def _effects(at: StageContext) -> Markup:
    """From the first grid that shows all runs after equal training."""
    if not is_sweep(at):
        return Markup()
    names = {folder.id: read_run(folder).sweep_run for folder in trained(at)}
    return effects_part(sweep_of(at), next(iter(compared_grids(at)), None), names)


def _runs(at: StageContext) -> Markup:
    return told_sweep(sweep_of(at), at.context.queue).part if is_sweep(at) else Markup()

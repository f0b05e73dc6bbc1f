"""The page that is there in the morning: verdict first, then everything that led to it."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from markupsafe import Markup

from lib_t2p import __version__
from lib_t2p.errors import T2PError
from lib_t2p.files import write_text
from lib_t2p.generation.effects import Effect
from lib_t2p.generation.plan import read_plan
from lib_t2p.generation.report import STYLE as GRID_STYLE
from lib_t2p.generation.report import Curve, prompt_sets_part, report_body, verdict_card
from lib_t2p.generation.report.svg_plot import change_bar
from lib_t2p.generation.scores import read_scores
from lib_t2p.jobs.job import Job
from lib_t2p.pages import render, whole_page
from lib_t2p.people import load_person
from lib_t2p.training.plots import draw_page
from lib_t2p.training.runs import read_run
from lib_t2p.training.search.plan import read_search
from lib_t2p.training.sweeps.collecting import collect
from lib_t2p.training.sweeps.page import STYLE as SWEEP_STYLE
from lib_t2p.training.sweeps.page import page_body
from lib_t2p.training.sweeps.results import write_results
from lib_t2p.training.sweeps.storing import read_sweep
from lib_t2p.worker.curves import curves_of_run
from lib_t2p.worker.overnight.effects import effects_of
from lib_t2p.worker.overnight.judging import compared_grids, verdict_grid
from lib_t2p.worker.overnight.night_runs import is_sweep, sweep_of, trained
from lib_t2p.worker.overnight.prompts import prompts_grid
from lib_t2p.worker.overnight.standing import Standing

_HERE = Path(__file__).parent


def write_night_report(at: Standing) -> list[Job]:
    """Write `report.html` of the night; a part that cannot be shown is named instead."""
    at.context.phase("report")
    grid = verdict_grid(at)
    person = load_person(at.person)
    body = render(
        _HERE / "report.html",
        person=person,
        night=at.night,
        began=_clock(at.night.created),
        ended=_clock(at.context.clock()),
        card=verdict_card(grid, at.person, more=_kept(at), notes=at.state.notes),
        grid=report_body(grid, at.person, _curves(at)),
        prompts=_prompts(at),
        effects=_effects(at),
        search=_search(at),
        sweep=_sweep(at),
        version=__version__,
    )
    title = f"{person.name}: {at.folder.id}"
    write_text(at.folder.report, whole_page(title, body, [SWEEP_STYLE, GRID_STYLE]))
    return []


def _kept(at: Standing) -> str:
    result = at.state.result
    if not result.get("kept"):
        return ""
    name, weight = result["kept_name"], result["weight"]
    return f"Kept in the LoRA folder as {name}, preferred weight {weight:g}."


def _curves(at: Standing) -> list[Curve]:
    shown = dict.fromkeys(model.run for model in read_plan(verdict_grid(at)).models)
    return [
        Curve(run, tag, steps, values)
        for run in shown
        for tag, steps, values in curves_of_run(at.context.queue, at.workspace, at.person, run)
    ]


def _prompts(at: Standing) -> Markup:
    """Simple, complex and random prompts; a night that began with an older version has none."""
    grid = prompts_grid(at)
    if not grid.requests.exists():
        return Markup()
    try:
        return prompt_sets_part(grid)
    except T2PError as error:
        at.note(f"Simple, complex and random prompts cannot be shown: {error}")
        return Markup()


def _effects(at: Standing) -> list[tuple[Effect, Markup]]:
    """Each with its bar, from the first grid that shows all runs after equal training."""
    grids = compared_grids(at)
    if not grids:
        return []
    names = {folder.id: read_run(folder).sweep_run for folder in trained(at)}
    sweep, grid = read_sweep(sweep_of(at)), grids[0]
    found = effects_of(sweep, read_plan(grid), read_scores(grid), names)
    changes = [effect.difference for effect in found]
    end = max((abs(edge) for c in changes for edge in (c.low, c.high)), default=0.0)
    bars = [Markup(change_bar(c.low, c.mean, c.high, end=end)) for c in changes]
    return list(zip(found, bars, strict=True))


def _search(at: Standing) -> str:
    """One sentence: how runs were chosen; empty without a search."""
    if not is_sweep(at) or not sweep_of(at).search.exists():
        return ""
    plan = read_search(sweep_of(at))
    shares = ", ".join(f"{rung.trained:.0%}" for rung in plan.rungs)
    return (
        f"Runs were compared by their pictures after {shares} of their epochs, and only the "
        f"nearest were trained on (sampler {plan.sampler}). What the settings do is seen after the "
        "first of these, where all runs are there."
    )


def _sweep(at: Standing) -> Markup:
    if not is_sweep(at):
        return Markup()
    place = sweep_of(at)
    sweep = read_sweep(place)
    try:
        collected = collect(place, sweep, at.context.queue, at.workspace)
        results = [run.result for run in collected]
        write_results(place, results)
        plots = draw_page([run.plotted for run in collected], place.plots, title=sweep.title)
        return page_body(place, sweep, results, plots, load_person(at.person).name)
    except T2PError as error:
        at.note(f"The page of the runs could not be drawn: {error}")
        return Markup()


def _clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).astimezone().strftime("%Y-%m-%d %H:%M")

"""One page about a person, a run or a sweep, from what there is so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from generation_fakes import FakePainter, FakeTools, make_dataset, make_plan
from training_fakes import TINY

from lib_t2p.actions.sweeps.report_pages import report_on_person, report_on_run, report_on_sweep
from lib_t2p.errors import InputError
from lib_t2p.grids.axes.axes import Axis, GridModel
from lib_t2p.grids.cells.cells import expand, write_cells
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.grids.plan_files import GridPlan, write_plan
from lib_t2p.grids.prompt_sets import prompt_sets_plan
from lib_t2p.jobs.events.events import Metric, append_event
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.jobs.job import Job, JobState
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.performing import perform
from lib_t2p.jobs.queue import Queue
from lib_t2p.runs.runs import Run, create_run, keep_forecast
from lib_t2p.scores.scoring import score_grid
from lib_t2p.settings.settings import settings_from
from lib_t2p.sweeps.points import Point
from lib_t2p.sweeps.storing import write_sweep
from lib_t2p.sweeps.sweep import Sweep, checked_sweep
from lib_t2p.sweeps.sweep_axes import axis_of
from lib_t2p.sweeps.sweep_folders import make_run
from lib_t2p.sweeps.sweep_runs import expand as expand_sweep
from lib_t2p.worker.job_functions import JOB_FUNCTIONS
from lib_t2p.workspace.people import Person, create_person, load_person
from lib_t2p.workspace.person import GridFolder, PersonFolder, RunFolder, SweepFolder, Workspace

pytestmark = pytest.mark.slow

SEEDS = tuple(range(1, 9))
NOTHING = "No pictures were scored yet"


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_: None)


@pytest.fixture
def person(workspace: Workspace) -> PersonFolder:
    who = Person("Zoë Ä", "zwx", "woman", "herself <3", "2026-01-01T00:00:00+00:00")
    person = create_person(workspace, who)
    make_dataset(person)
    return person


def done(workspace: Workspace, job: Job) -> str:
    """Do the job; gives the page."""
    queue = Queue(workspace)
    claimed = queue.claim(["light"], "test")
    assert claimed is not None
    assert claimed.id == job.id
    ended = perform(JobContext(claimed, workspace, queue), JOB_FUNCTIONS[claimed.kind])
    assert ended.state is JobState.FINISHED, ended.reason
    return Path(ended.result["page"]).read_text(encoding="utf-8")


def made_run(person: PersonFolder, name: str, **settings: Any) -> RunFolder:
    values = settings_from({**TINY, **settings})
    run = Run(person.slug, name, 1, "/models/base", "builtin", values, "zwx", "woman")
    return create_run(person, run)


def trained(workspace: Workspace, run: RunFolder) -> None:
    """What a finished training of six minutes leaves in the queue."""
    queue = Queue(workspace, clock=lambda: 1_000.0)
    params = {"person": run.root.parent.parent.name, "run": run.id}
    job = queue.submit("train.run", params, lane="gpu", person=str(params["person"]))
    queue.claim(["gpu"], "test")
    for step in (1, 2, 3):
        point = Metric(1_000.0 + step, "loss/average", step, 0.3 / step)
        append_event(workspace.job(job.id).events, point)
    Queue(workspace, clock=lambda: 1_360.0).finish(job.id, {})


def scored(
    person: PersonFolder, name: str, near: dict[str, float], change: Callable[[GridPlan], GridPlan]
) -> GridFolder:
    """A painted and scored grid of runs -> likeness of their model."""
    models = tuple(
        GridModel(Path(f"{run}.safetensors"), f"t2p_{run}_e02", f"{run}, epoch 2", run, 2)
        for run in near
    )
    axis = Axis("saved_model", tuple(model.stem for model in models))
    plan = change(make_plan(person, models=models, x=axis, seeds=SEEDS))
    grid = person.grid(name)
    write_plan(grid, plan)
    write_cells(grid, expand(plan, person))
    identities = {f"t2p_{run}_e02": value for run, value in near.items()}
    paint_cells(grid, FakePainter({"": 0.8, **identities}), SilentReporter())
    tools: Any = FakeTools()
    score_grid(grid, person, tools, SilentReporter())
    return grid


def test_a_run_without_pictures_is_told_with_its_curves_and_its_forecast(
    workspace: Workspace, person: PersonFolder
) -> None:
    run = made_run(person, "Först try")
    keep_forecast(run, 5.5, "measured here")
    trained(workspace, run)
    page = done(workspace, report_on_run(workspace, "Zoë Ä", run.id))
    assert NOTHING in page
    assert "Zoë Ä: Först try" in page
    assert "6.0<small>forecast 5.5</small>" in page
    assert "data:image/png" in page
    assert "herself &lt;3" in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_a_run_with_pictures_has_its_verdict_prompts_and_grid(
    workspace: Workspace, person: PersonFolder
) -> None:
    near, far = made_run(person, "near"), made_run(person, "far")
    scored(person, "both", {near.id: 0.1, far.id: 0.6}, lambda plan: plan)
    scored(person, "other", {far.id: 0.6}, lambda plan: plan)
    scored(person, "looks", {near.id: 0.1}, lambda plan: prompt_sets_plan(plan, plan.models, 1.0))
    page = done(workspace, report_on_run(workspace, "Zoë Ä", near.id))
    assert NOTHING not in page
    assert "near, epoch 2" in page
    order = [page.index(f"<h2>{title}") for title in ("Simple, Complex, Random", "Grid", "Scores")]
    assert order == sorted(order)
    assert "All verdicts" not in page


def test_a_person_has_every_verdict_and_every_run(
    workspace: Workspace, person: PersonFolder
) -> None:
    near, far = made_run(person, "near", network_dim=8), made_run(person, "far")
    scored(person, "second grid", {far.id: 0.6}, lambda plan: plan)
    scored(person, "one seed", {near.id: 0.1}, lambda plan: replace(plan, seeds=(1,)))
    page = done(workspace, report_on_person(workspace, "Zoë Ä"))
    assert "All verdicts" in page
    assert "second-grid" in page
    assert "one-seed" in page
    for run in (near, far):
        assert f'<td class="name">{run.id}' in page
    # One seed is no ground for a verdict where a grid with eight is there.
    assert page.index("far, epoch 2") < page.index("All verdicts")


def test_a_sweeps_page_says_what_its_settings_do_once_pictures_are_there(
    workspace: Workspace, person: PersonFolder
) -> None:
    sweep, runs = made_sweep(person)
    before = done(workspace, report_on_sweep(workspace, "Zoë Ä", sweep.id))
    assert NOTHING in before
    assert "What the settings do" not in before
    near = dict(zip((run.id for run in runs), (0.6, 0.1), strict=True))
    scored(person, "ranks", near, lambda plan: plan)
    after = done(workspace, report_on_sweep(workspace, "Zoë Ä", sweep.id))
    assert NOTHING not in after
    assert after.index("What the settings do") < after.index("How it was made")
    assert "network_dim 4 to 8" in after
    assert sweep.page.read_text(encoding="utf-8") == after


def made_sweep(person: PersonFolder) -> tuple[SweepFolder, list[RunFolder]]:
    base = Point({**TINY, "network_args": []}, 1, "/models/base")
    sweep = checked_sweep(
        Sweep("ranks", person.slug, "Ranks", base, (axis_of("network_dim", [4, 8]),))
    )
    place = person.sweep("ranks")
    write_sweep(place, sweep)
    who = load_person(person)
    return place, [make_run(place, run, who) for run in expand_sweep(sweep)]


def test_a_damaged_grid_takes_nothing_from_the_page(
    workspace: Workspace, person: PersonFolder
) -> None:
    run = made_run(person, "near")
    scored(person, "good", {run.id: 0.1}, lambda plan: plan)
    bad = scored(person, "bad", {run.id: 0.1}, lambda plan: plan)
    bad.plan.write_text("schema = [", encoding="utf-8")
    page = done(workspace, report_on_person(workspace, "Zoë Ä"))
    assert '<td class="name">good' in page
    assert '<td class="name">bad' not in page


def test_what_is_not_there_is_refused_with_what_is(
    workspace: Workspace, person: PersonFolder
) -> None:
    with pytest.raises(InputError, match="nothing to report on"):
        report_on_person(workspace, "Zoë Ä")
    made_run(person, "near")
    with pytest.raises(InputError, match="choose one of near"):
        report_on_run(workspace, "Zoë Ä", "nobody's")
    with pytest.raises(InputError, match="none yet"):
        report_on_sweep(workspace, "Zoë Ä", "ranks")
    assert Queue(workspace).jobs(kind="report.page") == []

"""A night goes from a dataset to a kept LoRA and a report, whatever happens on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from generation_fakes import FakePainter, FakeTools, make_dataset
from search_helpers import Pretender
from training_fakes import TINY

from lib_t2p.actions.sweeps.sweep_request import SweepRequest
from lib_t2p.errors import FaultsError, InputError, PaintingError
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.grids.plan_files import read_plan
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.jobs.job import Job
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.performing import perform
from lib_t2p.jobs.queue import JobState, Queue
from lib_t2p.nights.begin import (
    NightRequest,
    begin_night,
    continue_night,
    newest_night_step,
    stop_night,
)
from lib_t2p.nights.night import Night, read_night, read_state
from lib_t2p.painting.compared_pictures import ComparedPictures
from lib_t2p.painting.request import CellRequest, PaintedCell
from lib_t2p.runs.runs import read_run
from lib_t2p.scores.scoring import score_grid
from lib_t2p.worker.grid_jobs import plan_job, report_job
from lib_t2p.worker.night_jobs import bell_job, step_job
from lib_t2p.workspace.people import Person, create_person
from lib_t2p.workspace.person import NightFolder, PersonFolder, Workspace, open_workspace

pytestmark = pytest.mark.slow

BASE = Path(__file__).resolve().parents[2] / "lib_t2p" / "demo" / "tiny_base"
LOOK = ComparedPictures(
    prompts=("photo of {trigger}",), seeds=tuple(range(1, 9)), width=64, height=64
)
NOW = 1_900_000_000.0


class RankPainter(FakePainter):
    """Paints each LoRA as near to the person as its rank and epoch say."""

    def __init__(self, person: PersonFolder, quality: dict[int, float]) -> None:
        super().__init__()
        self.person = person
        self.quality = quality

    def paint(self, request: CellRequest) -> PaintedCell:
        for folder in self.person.runs():
            rank = read_run(folder).settings.network_dim
            for epoch in range(1, 11):
                nearer = (0.8 - self.quality[rank]) * epoch / 10
                self.identities[f"{folder.id}_e{epoch:02d}"] = 0.8 - nearer
        return super().paint(request)


@dataclass
class NightWorker(Pretender):
    """Does nights, grids and reports for real, with fake pictures and models.

    Attributes:
        unpainted: grids whose name ends so are not painted.
    """

    unpainted: str = "no such grid"

    def _do(self, queue: Queue, job: Job) -> None:
        functions: dict[str, Any] = {
            "overnight.step": step_job,
            "overnight.bell": bell_job,
            "grid.plan": plan_job,
            "grid.cells": self._paint,
            "grid.scores": self._scores,
            "grid.report": report_job,
        }
        if job.kind in functions:
            perform(JobContext(job, self.workspace, queue), functions[job.kind])
        else:
            super()._do(queue, job)

    def _paint(self, context: JobContext) -> dict[str, Any]:
        person = self.workspace.person(context.job.person)
        grid = person.grid(str(context.job.params["grid"]))
        if grid.id.endswith(self.unpainted):
            raise PaintingError("the painter is away")
        painter = RankPainter(person, dict(self.quality))
        return {"painted": paint_cells(grid, painter, SilentReporter()).painted}

    def _scores(self, context: JobContext) -> dict[str, Any]:
        person = self.workspace.person(context.job.person)
        grid = person.grid(str(context.job.params["grid"]))
        tools: Any = FakeTools()
        return {"scored": len(score_grid(grid, person, tools, SilentReporter()).cells)}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_: None)
    monkeypatch.setattr("lib_t2p.nights.stages.night_step.notify_desktop", lambda *_: "")
    workspace = open_workspace(tmp_path / "wörk space")
    who = Person("Ada", "blh", "woman", "herself", "2026-01-01T00:00:00+00:00")
    make_dataset(create_person(workspace, who))
    return workspace


def request(**changes: Any) -> NightRequest:
    sweep = SweepRequest(
        checkpoint=str(BASE),
        recipe="demo",
        overrides={**TINY, "network_args": [], "max_train_epochs": 10},
        axes={"network_dim": [2, 4, 8]},
    )
    night = NightRequest(sweep=sweep, dataset=1, look=LOOK, weights=(0.8, 1.0), models=4)
    return replace(night, **changes)


def worker_of(workspace: Workspace, **more: Any) -> NightWorker:
    return NightWorker(workspace, {2: 0.6, 4: 0.25, 8: 0.5}, **more)


def ended(workspace: Workspace, place: NightFolder) -> Job:
    return newest_night_step(Queue(workspace), place, workspace.person("Ada"))


def test_the_morning_has_a_report_that_names_the_best_and_a_kept_lora(workspace: Workspace) -> None:
    place = begin_night(workspace, "Ada", request(), NOW)
    worker_of(workspace).do_all()
    assert ended(workspace, place).state is JobState.FINISHED, ended(workspace, place).reason
    state = read_state(place)
    assert state.end == "finished"
    assert "network_dim-4" in state.result["model"]
    kept = Path(state.result["kept"])
    assert kept.is_file()
    assert kept.with_suffix(".json").is_file()
    assert kept.with_suffix(".png").is_file()
    page = place.report.read_text(encoding="utf-8")
    assert state.result["sentence"].split(" (")[0] in page
    assert "network_dim 2 to 4" in page
    assert "These are the numbers of 8 fresh seeds" in state.result["sentence"]
    assert "herself" in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_the_winner_is_shown_on_simple_complex_and_random_prompts(workspace: Workspace) -> None:
    place = begin_night(workspace, "Ada", request(), NOW)
    worker_of(workspace).do_all()
    state = read_state(place)
    plan = read_plan(workspace.person("Ada").grid(f"{place.id} prompts"))
    assert plan.stems[0] == state.result["model"]
    assert plan.weights == (state.result["weight"],)
    assert len({model.run for model in plan.models}) == len(plan.models) == 3
    page = place.report.read_text(encoding="utf-8")
    prompts = page.index("<h2>Simple, Complex, Random</h2>")
    assert page.index("What the settings do") < prompts < page.index("<h2>Scores</h2>")
    assert state.notes == ()


def test_prompts_that_cannot_be_painted_are_noted_and_the_night_goes_on(
    workspace: Workspace,
) -> None:
    place = begin_night(workspace, "Ada", request(), NOW)
    worker_of(workspace, unpainted="prompts").do_all()
    state = read_state(place)
    assert state.end == "finished"
    assert "network_dim-4" in state.result["model"]
    (note,) = state.notes
    assert "random prompts could not be painted: the painter is away" in note
    page = place.report.read_text(encoding="utf-8")
    assert "the painter is away" in page
    assert "not painted" in page


def test_a_night_that_is_cut_off_after_any_job_ends_the_same(workspace: Workspace) -> None:
    place = begin_night(workspace, "Ada", request(), NOW)
    trained: dict[str, int] = {}
    for _ in range(300):
        worker = worker_of(workspace, trained=dict(trained))
        if not worker.do_one():
            break
        trained = worker.trained
        # The same command again, as after a reboot.
        if not read_state(place).end:
            assert begin_night(workspace, "Ada", request(), NOW + 60) == place
    assert "network_dim-4" in read_state(place).result["model"]
    assert sorted(trained.values()) == [2, 10, 10] or max(trained.values()) == 10


def test_a_run_that_fails_is_noted_and_the_night_goes_on(workspace: Workspace) -> None:
    place = begin_night(workspace, "Ada", request(sampler=""), NOW)
    worker_of(workspace, failing=frozenset({2})).do_all()
    state = read_state(place)
    assert state.end == "finished"
    assert "network_dim-4" in state.result["model"]
    assert any("out of memory" in note for note in state.notes)
    assert "out of memory" in place.report.read_text(encoding="utf-8")


def test_a_night_in_which_nothing_is_trained_fails_with_the_reason(workspace: Workspace) -> None:
    place = begin_night(workspace, "Ada", request(), NOW)
    worker_of(workspace, failing=frozenset({2, 4, 8})).do_all()
    state = read_state(place)
    assert state.end == "failed"
    assert "No run saved a model" in state.reason
    assert "out of memory" in state.reason


def test_one_run_without_a_sweep_is_judged_too(workspace: Workspace) -> None:
    sweep = replace(request().sweep, axes={})
    place = begin_night(workspace, "Ada", request(sweep=sweep), NOW)
    worker = NightWorker(workspace, {4: 0.15})
    worker.do_all()
    assert read_state(place).end == "finished", read_state(place).reason
    assert place.report.is_file()


def test_the_bell_ends_the_training_and_the_verdict_is_among_what_is_there(
    workspace: Workspace,
) -> None:
    place = begin_night(workspace, "Ada", request(sampler="", finish_by=NOW + 3600), NOW)
    worker = worker_of(workspace)
    while not worker.trained:
        worker.do_one()
    (bell,) = Queue(workspace).jobs(kind="overnight.bell")
    assert bell.start_at is not None
    assert NOW <= bell.start_at < NOW + 3600
    job = Queue(workspace).start_at(bell.id, None)
    perform(JobContext(job, workspace, Queue(workspace)), bell_job)
    worker.do_all()
    state = read_state(place)
    assert state.end == "finished", state.reason
    assert len(worker.trained) == 1
    assert any("The time was up" in note for note in state.notes)


def test_a_stopped_night_goes_on_where_it_was(workspace: Workspace) -> None:
    place = begin_night(workspace, "Ada", request(), NOW)
    worker = worker_of(workspace)
    for _ in range(6):
        worker.do_one()
    assert stop_night(workspace, "Ada", place.id) > 0
    worker.do_all()
    assert read_state(place).end == "stopped"
    continue_night(workspace, "Ada", place.id)
    worker.do_all()
    assert read_state(place).end == "finished", read_state(place).reason
    with pytest.raises(InputError, match="is over"):
        continue_night(workspace, "Ada", place.id)


def test_another_night_is_refused_while_one_is_unfinished(workspace: Workspace) -> None:
    begin_night(workspace, "Ada", request(), NOW)
    with pytest.raises(InputError, match="asks for something else"):
        begin_night(workspace, "Ada", request(models=2), NOW)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"weights": ()}, "no LoRA weight"),
        ({"finish_by": NOW - 1}, "has passed"),
        ({"notify_url": "file:///etc/passwd"}, "http"),
        ({"look": ComparedPictures(prompts=("x",))}, "{trigger}"),
    ],
)
def test_faults_are_named_in_the_evening(
    workspace: Workspace, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises((FaultsError, InputError)) as caught:
        begin_night(workspace, "Ada", request(**changes), NOW)
    assert told in str(caught.value)
    assert workspace.person("Ada").nights() == []


def test_a_night_is_read_as_it_was_asked_for(workspace: Workspace) -> None:
    place = begin_night(workspace, "Ada", request(notify_url="http://127.0.0.1:9/x"), NOW)
    night = read_night(place)
    assert isinstance(night, Night)
    assert night.look == LOOK
    assert night.weights == (0.8, 1.0)
    assert night.sweep["axes"] == {"network_dim": [2, 4, 8]}


def test_a_dataset_without_held_out_photos_is_refused_in_the_evening(workspace: Workspace) -> None:
    for photo in workspace.person("Ada").dataset(1).heldout.iterdir():
        photo.unlink()
    with pytest.raises(InputError, match="Dataset 1 has no held-out photos"):
        begin_night(workspace, "Ada", request(), NOW)
    assert workspace.person("Ada").nights() == []
    assert Queue(workspace).jobs() == []

"""Rounds follow each other until the series is to end, whoever dies meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from generation_fakes import FakeTools, make_dataset, make_person
from portrait_fakes import CHOICES, FakePainter, request, wildcard_file

from lib_t2p.hosts.painting_loop import PaintingLoop, PaintingOptions, StopWatch
from lib_t2p.jobs.job import Job, JobState
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.performing import perform
from lib_t2p.jobs.queue import Queue
from lib_t2p.portraits import series_chain as chain
from lib_t2p.portraits.choices import write_choices
from lib_t2p.portraits.plan import PortraitPlan, write_portraits
from lib_t2p.portraits.rounds import all_pictures
from lib_t2p.portraits.state import COMPLETE, STOPPED, TIME_OVER, ask_to_stop, read_state
from lib_t2p.vision.faces import tools
from lib_t2p.worker.job_functions import JOB_FUNCTIONS
from lib_t2p.workspace.person import PersonFolder, Workspace, open_workspace
from lib_t2p.workspace.series_folders import PortraitsFolder, own_wildcards, portraits_folder

pytestmark = pytest.mark.slow


class Painter(FakePainter):
    def __init__(self) -> None:
        super().__init__()
        self.unloaded = 0

    def unload(self) -> None:
        self.unloaded += 1


class Series:
    """A workspace whose worker and painter take turns."""

    def __init__(self, root: Path) -> None:
        self.workspace: Workspace = open_workspace(root)
        self.person: PersonFolder = make_person(self.workspace)
        make_dataset(self.person)
        self.queue = Queue(self.workspace)
        self.folder: PortraitsFolder = portraits_folder(self.person, "first")
        self.painter = Painter()
        self.now = 1000.0
        self.loop = PaintingLoop(
            self.workspace, self._make, owner="p", device="cpu", options=PaintingOptions()
        )

    def _make(self, _: StopWatch) -> Painter:
        return self.painter

    def begin(self, prompt: str = "photo of {trigger}", **given: Any) -> None:
        plan = PortraitPlan(self.person.slug, 1, request(prompt), **given)
        write_portraits(self.folder, plan)
        write_choices(self.folder, CHOICES)
        chain.queue_first(self.queue, self.person, self.folder, 1)

    def work(self) -> bool:
        """Do one job of the worker."""
        job = self.queue.claim(["light"], "worker")
        if job is None:
            return False
        perform(
            JobContext(job, self.workspace, self.queue, lambda: self.now), JOB_FUNCTIONS[job.kind]
        )
        return True

    def run(self, turns: int = 60) -> None:
        for _ in range(turns):
            # No short cut: both must have had their turn.
            if not any([self.work(), self.loop.turn()]):
                return
        raise AssertionError("it does not end")

    def jobs(self, kind: str) -> list[Job]:
        return self.queue.jobs(kind=kind)

    @property
    def files(self) -> int:
        return len(list(self.folder.root.glob("*/*.png")))


@pytest.fixture
def series(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Series:
    monkeypatch.setattr(tools, "load_tools", lambda *_: FakeTools())
    return Series(tmp_path / "work space ü")


def test_a_series_paints_scores_and_sorts_as_many_as_were_asked_for(series: Series) -> None:
    series.begin(count=7, batch=3)
    series.run()
    assert len(series.painter.painted) == series.files == 7
    assert [j.result["pictures"] for j in series.jobs(chain.PLAN)] == [3, 3, 1, 0]
    assert sum(j.result["scored"] for j in series.jobs(chain.SCORES)) == 7
    assert read_state(series.folder).ended == COMPLETE
    assert not list(series.folder.pictures.glob("*.png"))
    # No fake picture has a face.
    assert len(list(series.folder.bin.glob("*.png"))) == 7


def test_the_painter_keeps_its_models_between_rounds(series: Series) -> None:
    paint = series.painter.paint

    def meanwhile(one: Any) -> Any:
        # The worker is not held up by the painter.
        series.work()
        return paint(one)

    series.painter.paint = meanwhile  # type: ignore[method-assign]
    series.begin(count=6, batch=2)
    series.run()
    assert len(series.painter.painted) == 6
    assert series.painter.unloaded == 1


def test_wildcards_of_the_person_and_tags_reach_the_painter(series: Series) -> None:
    wildcard_file(own_wildcards(series.workspace), "size/all", "<width:128>", "<width:192>")
    series.begin("{trigger}, __size/all__, {red|blue}", count=8)
    series.run()
    assert {r.width for r in series.painter.painted} == {128, 192}
    prompts = {r.prompt for r in series.painter.painted}
    assert prompts == {"nasax, red", "nasax, blue"}


def test_an_endless_series_goes_on_until_it_is_stopped(series: Series) -> None:
    series.begin(count=0, batch=2)
    for _ in range(12):
        series.work()
        series.loop.turn()
    before = len(series.painter.painted)
    assert before > 6
    ask_to_stop(series.folder)
    series.run()
    assert len(series.painter.painted) == before
    assert read_state(series.folder).ended == STOPPED
    assert {j.state for j in series.queue.jobs()} == {JobState.FINISHED}


def test_a_series_ends_when_its_time_is_over(series: Series) -> None:
    series.begin(count=0, minutes=2, batch=2)
    for _ in range(6):
        series.work()
        series.loop.turn()
    series.now += 121
    # The painter's clock is the computer's, far behind the time that the series began.
    series.run()
    assert read_state(series.folder).ended == TIME_OVER


def test_a_missing_lora_ends_the_series_with_the_reason(series: Series) -> None:
    series.painter._faults = ["There is no LoRA x: put it there."]
    series.begin(count=0, batch=2)
    series.run()
    assert series.painter.painted == []
    assert series.jobs(chain.CELLS)[0].state is JobState.FAILED
    assert "no LoRA x" in read_state(series.folder).ended


def test_a_last_round_that_fails_is_not_called_complete(series: Series) -> None:
    series.painter._faults = ["There is no LoRA x: put it there."]
    series.begin(count=2, batch=2)
    series.work()
    # The next round is planned while this one is painted, and finds that all are planned.
    series.work()
    assert read_state(series.folder).ended == COMPLETE
    series.run()
    assert "no LoRA x" in read_state(series.folder).ended


def test_a_series_that_is_stopped_in_its_last_round_says_so(series: Series) -> None:
    series.begin(count=2, batch=2)
    series.work()
    series.work()
    ask_to_stop(series.folder)
    series.run()
    assert series.painter.painted == []
    assert read_state(series.folder).ended == STOPPED


def test_faults_of_prompts_come_before_anything_is_painted(series: Series) -> None:
    series.begin("__nowhere__ <steps:many> {trigger}", count=4)
    series.run()
    (job,) = series.queue.jobs()
    assert job.state is JobState.FAILED
    assert "__nowhere__" in job.reason
    assert "steps:many" in job.reason


def test_stopping_the_job_at_hand_scores_what_was_painted_and_ends(series: Series) -> None:
    series.begin(count=0, batch=3)
    while not series.jobs(chain.CELLS):
        series.work()
    cells = series.jobs(chain.CELLS)[0]
    paint = series.painter.paint

    def stopping(one: Any) -> Any:
        if len(series.painter.painted) == 1:
            series.queue.request_stop(cells.id)
        return paint(one)

    series.painter.paint = stopping  # type: ignore[method-assign]
    series.run()
    assert len(series.painter.painted) == 2
    assert series.jobs(chain.SCORES)[0].result["scored"] == 2
    assert read_state(series.folder).ended


def test_a_plan_that_is_done_again_after_a_crash_queues_nothing_twice(series: Series) -> None:
    series.begin(count=4, batch=2)
    job = series.queue.claim(["light"], "worker")
    assert job is not None
    context = JobContext(job, series.workspace, series.queue, lambda: series.now)
    JOB_FUNCTIONS[job.kind](context)
    again = all_pictures(series.folder)
    JOB_FUNCTIONS[job.kind](context)
    assert all_pictures(series.folder) == again
    assert len(series.queue.jobs()) == 4
    series.queue.finish(job.id, {})
    series.run()
    assert len(series.painter.painted) == 4


def test_a_preview_shows_prompts_and_names_what_is_unknown(series: Series) -> None:
    params = {
        "person": series.person.slug,
        "prompt": "{trigger} {a|b} __x__",
        "seed": 1,
        "count": 5,
    }
    series.queue.submit(chain.PREVIEW, params, lane="light", person=series.person.slug)
    series.work()
    result = series.jobs(chain.PREVIEW)[0].result
    assert len(result["prompts"]) == 5
    assert set(result["prompts"]) == {"nasax a __x__", "nasax b __x__"}
    assert result["unknown"] == ["x"]

"""Who scores may go away or change between two scorings: nothing is lost, nothing mixed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from generation_fakes import (
    FakeEmbedder,
    FakePainter,
    FakeTools,
    StopAfter,
    make_dataset,
    make_person,
    make_plan,
)

from lib_t2p.actions.grids.rescoring import score_again
from lib_t2p.errors import StopRequested
from lib_t2p.grids.cells.cells import expand, write_cells
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.grids.plan_files import write_plan
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.jobs.job import Job, JobState
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.performing import perform
from lib_t2p.jobs.queue import Queue
from lib_t2p.scores.measuring import one_by_one
from lib_t2p.scores.scoring import score_grid
from lib_t2p.scores.verdict.scores import read_scores
from lib_t2p.worker.job_functions import JOB_FUNCTIONS
from lib_t2p.workspace.person import GridFolder, Workspace
from lib_t2p.workspace.preferences import Preferences, write_preferences

pytestmark = pytest.mark.slow

E05, E06 = "t2p_nasa_first_e05", "t2p_nasa_first_e06"


class OtherEmbedder(FakeEmbedder):
    name = "other embedder"


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_: None)


@pytest.fixture
def grid(workspace: Workspace) -> GridFolder:
    person = make_person(workspace)
    make_dataset(person)
    grid = person.grid("g")
    plan = make_plan(person)
    write_plan(grid, plan)
    write_cells(grid, expand(plan, person))
    paint_cells(grid, FakePainter({"": 0.8, E05: 0.5, E06: 0.12}), SilentReporter())
    return grid


def scoring_by(monkeypatch: pytest.MonkeyPatch, tools: Any) -> None:
    monkeypatch.setattr("lib_t2p.worker.picture_tools.scoring_tools", lambda _: tools)
    monkeypatch.setattr(
        "lib_t2p.worker.picture_tools.scoring_crew", lambda _, tools: one_by_one(tools)
    )


def scored_again(workspace: Workspace) -> Job:
    """Queue the scores of the grid as the button does, and do them."""
    score_again(workspace, "NASA portrait", "g")
    queue = Queue(workspace)
    ended = []
    while claimed := queue.claim(["light"], "test"):
        ended.append(perform(JobContext(claimed, workspace, queue), JOB_FUNCTIONS[claimed.kind]))
    return ended[0]


def half_scored(grid: GridFolder, workspace: Workspace, tools: Any) -> int:
    with pytest.raises(StopRequested):
        score_grid(grid, workspace.person("NASA portrait"), tools, StopAfter(30))
    return len(read_scores(grid).cells)


@pytest.mark.parametrize("embedder", ["sface", "arcface"])
def test_embedder_files_that_went_away_are_named_and_the_scores_stay(
    workspace: Workspace, grid: GridFolder, tmp_path: Path, embedder: str
) -> None:
    half = half_scored(grid, workspace, FakeTools())
    before = grid.scores.read_bytes()
    folder = tmp_path / "fäce models"
    write_preferences(workspace, Preferences(embedder=embedder, face_models=str(folder)))
    ended = scored_again(workspace)
    assert ended.state is JobState.FAILED
    assert str(folder) in ended.reason
    assert "\n" not in ended.reason.strip()
    assert 0 < half < 40
    assert grid.scores.read_bytes() == before


def test_a_clip_folder_that_went_away_is_named_and_the_scores_stay(
    workspace: Workspace, grid: GridFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scoring_by(monkeypatch, FakeTools())
    assert scored_again(workspace).state is JobState.FINISHED
    before = grid.scores.read_bytes()
    write_preferences(workspace, Preferences(clip_folder=str(tmp_path / "clip")))
    ended = scored_again(workspace)
    assert ended.state is JobState.FAILED
    assert str(tmp_path / "clip") in ended.reason
    assert grid.scores.read_bytes() == before


def test_once_the_files_are_back_scoring_goes_on(
    workspace: Workspace, grid: GridFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = half_scored(grid, workspace, FakeTools())
    write_preferences(workspace, Preferences(embedder="sface", face_models=str(tmp_path)))
    assert scored_again(workspace).state is JobState.FAILED
    scoring_by(monkeypatch, FakeTools())
    ended = scored_again(workspace)
    assert ended.state is JobState.FINISHED, ended.reason
    assert half < ended.result["scored"] == 40


def test_another_embedder_in_the_middle_measures_all_anew(
    workspace: Workspace, grid: GridFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    half_scored(grid, workspace, FakeTools())
    other: Any = FakeTools(embedder=OtherEmbedder())
    scoring_by(monkeypatch, other)
    assert scored_again(workspace).state is JobState.FINISHED
    scores = read_scores(grid)
    assert scores.embedder == "other embedder"
    assert len(scores.cells) == 40
    grid.scores.unlink()
    person = workspace.person("NASA portrait")
    assert score_grid(grid, person, other, SilentReporter()) == scores

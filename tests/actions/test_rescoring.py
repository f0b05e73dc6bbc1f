"""Scoring again, by other tools, or before a grid is whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from generation_fakes import FakePainter, FakeTools, make_dataset, make_person, make_plan

from lib_t2p.actions.grids.rescoring import score_again
from lib_t2p.errors import InputError
from lib_t2p.grids.cells.cells import expand, write_cells
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.grids.chain import chain_of, queue_grid
from lib_t2p.grids.plan_files import write_plan
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.queue import Queue
from lib_t2p.scores.verdict.scores import read_scores
from lib_t2p.vision.faces import tools
from lib_t2p.worker import picture_tools as looking
from lib_t2p.worker.grid_jobs import scores_job
from lib_t2p.workspace.person import PersonFolder, Workspace, open_workspace


class FixedJudge:
    name = "fixed"

    def scores(self, pictures: list[object], prompts: list[str]) -> list[float]:
        return [0.25] * len(pictures)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_: None)
    monkeypatch.setattr(tools, "load_tools", lambda *_: FakeTools())
    monkeypatch.setattr(looking, "scoring_crew", lambda *_: None)
    return open_workspace(tmp_path / "workspace")


@pytest.fixture
def person(workspace: Workspace) -> PersonFolder:
    person = make_person(workspace)
    make_dataset(person)
    plan, grid = make_plan(person), person.grid("first")
    write_plan(grid, plan)
    write_cells(grid, expand(plan, person))
    return person


def test_a_whole_grid_gets_scores_and_its_report_anew(
    workspace: Workspace, person: PersonFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    paint_cells(person.grid("first"), FakePainter(), SilentReporter())
    monkeypatch.setattr(looking, "obedience_judge", lambda _: FixedJudge())
    scores, report = score_again(workspace, person.slug, "first")
    assert (scores.kind, report.kind, report.needs) == ("grid.scores", "grid.report", (scores.id,))
    assert scores_job(JobContext(scores, workspace, Queue(workspace))) == {"scored": 40}
    found = read_scores(person.grid("first"))
    assert found.obedience_by == "fixed"
    assert {cell.obedience for cell in found.cells} == {0.25}
    with pytest.raises(InputError, match="being scored already"):
        score_again(workspace, person.slug, "first")


def test_while_it_is_painted_only_what_is_there_is_scored(
    workspace: Workspace, person: PersonFolder
) -> None:
    queue, grid = Queue(workspace), person.grid("first")
    chain = queue_grid(queue, person, grid)
    paint_cells(grid, FakePainter(), SilentReporter())
    for path in sorted(grid.cells.glob("*.png"))[10:]:
        path.unlink()
    (early,) = score_again(workspace, person.slug, "first")
    assert scores_job(JobContext(early, workspace, queue)) == {"scored": 10}
    assert [job.id for job in chain_of(queue, person, grid)] == [job.id for job in chain]


def test_an_unknown_grid_is_refused(workspace: Workspace, person: PersonFolder) -> None:
    with pytest.raises(InputError, match="There is no grid 'second'"):
        score_again(workspace, person.slug, "second")

"""Asking for fresh pictures of a winner."""

from __future__ import annotations

from pathlib import Path

import pytest
from generation_fakes import FakePainter, FakeTools, make_dataset, make_person, make_plan

from lib_t2p.actions.grids.rescoring import confirm_grid
from lib_t2p.errors import InputError
from lib_t2p.grids.cells.cells import expand, write_cells
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.grids.plan_files import read_plan, write_plan
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.jobs.queue import Queue
from lib_t2p.scores.confirming import confirmation_grid
from lib_t2p.scores.scoring import score_grid
from lib_t2p.workspace.person import PersonFolder, Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_: None)
    return open_workspace(tmp_path / "workspace")


def scored(workspace: Workspace, *faceless: int) -> PersonFolder:
    person = make_person(workspace)
    make_dataset(person)
    plan, grid = make_plan(person), person.grid("first")
    write_plan(grid, plan)
    write_cells(grid, expand(plan, person))
    painter = FakePainter({"": 0.9, plan.stems[0]: 0.4}, faceless_seeds=faceless)
    paint_cells(grid, painter, SilentReporter())
    score_grid(grid, person, FakeTools(), SilentReporter())  # type: ignore[arg-type]
    return person


def test_fresh_pictures_are_queued_and_the_report_is_written_again(workspace: Workspace) -> None:
    person = scored(workspace)
    jobs = confirm_grid(workspace, person.slug, "first")
    again = confirmation_grid(person, person.grid("first"))
    assert not set(read_plan(again).seeds) & set(read_plan(person.grid("first")).seeds)
    kinds = ["grid.plan", "grid.cells", "grid.scores", "grid.report", "grid.report"]
    assert [job.kind for job in jobs] == kinds
    assert jobs[-1].params["grid"] == "first"
    assert jobs[-1].needs == (jobs[-2].id,)


def test_a_second_click_queues_nothing_more(workspace: Workspace) -> None:
    person = scored(workspace)
    first = confirm_grid(workspace, person.slug, "first")
    second = confirm_grid(workspace, person.slug, "first")
    assert {job.id for job in second} <= {job.id for job in first}


def test_a_report_of_the_grid_that_is_at_work_is_in_nobodys_way(workspace: Workspace) -> None:
    person = scored(workspace)
    Queue(workspace).submit(
        "grid.report", {"person": person.slug, "grid": "first"}, person=person.slug
    )
    jobs = confirm_grid(workspace, person.slug, "first")
    assert [job.kind for job in jobs][-1] == "grid.report"


def test_an_unscored_grid_is_refused(workspace: Workspace) -> None:
    person = make_person(workspace)
    with pytest.raises(InputError, match="no scored grid 'first'.*draw and score it first"):
        confirm_grid(workspace, person.slug, "first")


def test_a_grid_without_a_winner_is_refused_with_the_reason(workspace: Workspace) -> None:
    person = scored(workspace, 1, 2, 3, 4)
    with pytest.raises(InputError, match="nothing to confirm in first: No saved model"):
        confirm_grid(workspace, person.slug, "first")

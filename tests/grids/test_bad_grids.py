"""What goes wrong with grids and their photos: one clear sentence, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from generation_fakes import FakePainter, FakeTools, StopAfter, make_dataset, make_person, make_plan

from lib_t2p.errors import InputError, StopRequested
from lib_t2p.grids.axes.axes import Axis, GridModel
from lib_t2p.grids.cells.cells import expand, read_cells, write_cells
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.grids.plan_files import plan_faults, write_plan
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.reports.grid import write_report
from lib_t2p.reports.picture.cell_choice import CellChoice, chosen_cells
from lib_t2p.reports.picture.cell_table import pages_of
from lib_t2p.scores.confirming import final_verdict
from lib_t2p.scores.scoring import score_grid
from lib_t2p.scores.verdict.scores import read_scores
from lib_t2p.workspace.person import GridFolder, PersonFolder, open_workspace

E05, E06 = "t2p_nasa_first_e05", "t2p_nasa_first_e06"
SEEDS = tuple(range(1, 9))
NEAR = {"": 0.8, E05: 0.5, E06: 0.3}
Planned = Callable[..., GridFolder]


@pytest.fixture
def person(tmp_path: Path) -> PersonFolder:
    person = make_person(open_workspace(tmp_path / "wörk space"))
    make_dataset(person)
    return person


@pytest.fixture
def planned(person: PersonFolder) -> Planned:
    def make(**changes: Any) -> GridFolder:
        grid = person.grid("g")
        plan = make_plan(person, prompts=("one {trigger}",), **{"seeds": SEEDS, **changes})
        write_plan(grid, plan)
        write_cells(grid, expand(plan, person))
        return grid

    return make


def scored(grid: GridFolder, person: PersonFolder, which: Any = "all") -> None:
    tools: Any = FakeTools()
    score_grid(grid, person, tools, SilentReporter(), which=which)


def test_half_of_the_cells_without_a_face_are_counted_and_told(
    planned: Planned, person: PersonFolder
) -> None:
    grid = planned()
    paint_cells(grid, FakePainter(NEAR, faceless_seeds=(1, 3, 5, 7)), SilentReporter())
    scored(grid, person)
    verdict = final_verdict(grid, person)
    assert all(s.found == 4 and s.pictures == 8 for s in verdict.candidates)
    page = write_report(grid, person).read_text(encoding="utf-8")
    assert "4 of 8" in page


def test_no_held_out_photos_at_all_are_one_sentence_and_the_pictures_stay(
    planned: Planned, person: PersonFolder
) -> None:
    grid = planned()
    for photo in person.dataset(1).heldout.iterdir():
        photo.unlink()
    paint_cells(grid, FakePainter(NEAR), SilentReporter())
    with pytest.raises(InputError, match="build a dataset with held-out photos"):
        scored(grid, person)
    assert len(list(grid.cells.glob("*.png"))) == len(read_cells(grid))
    assert not grid.scores.exists()


def test_one_seed_has_no_interval_and_no_best(planned: Planned, person: PersonFolder) -> None:
    grid = planned(seeds=(1,))
    paint_cells(grid, FakePainter(NEAR), SilentReporter())
    scored(grid, person)
    verdict = final_verdict(grid, person)
    assert verdict.best is None
    assert "seed" in " ".join([verdict.sentence, *verdict.notes])
    page = write_report(grid, person).read_text(encoding="utf-8")
    assert verdict.sentence.split("'")[0] in page


def test_a_report_while_the_grid_is_drawn_shows_what_is_there_and_the_rest_later(
    planned: Planned, person: PersonFolder
) -> None:
    grid = planned()
    with pytest.raises(StopRequested):
        paint_cells(grid, FakePainter(NEAR), StopAfter(21))
    scored(grid, person, which="painted")
    early = read_scores(grid).cells
    assert 0 < len(early) < len(read_cells(grid))
    page = write_report(grid, person).read_text(encoding="utf-8")
    assert f"{len(early)} pictures" in page
    first = final_verdict(grid, person)
    told = {s.candidate.model for s in first.candidates if s.pictures}
    assert told == {cell.model for cell in early if cell.model}
    assert "e06" not in first.sentence
    paint_cells(grid, FakePainter(NEAR), SilentReporter())
    scored(grid, person)
    whole = write_report(grid, person).read_text(encoding="utf-8")
    assert f"{len(read_cells(grid))} pictures" in whole
    assert "e06" in final_verdict(grid, person).sentence


def test_five_thousand_cells_are_planned_shown_and_filtered(person: PersonFolder) -> None:
    models = tuple(
        GridModel(Path(f"m{n}"), f"t2p_m{n:02d}", f"e{n:02d}", "r", n) for n in range(39)
    )
    plan = make_plan(
        person,
        models=models,
        x=Axis("lora_weight", (0.4, 0.6, 0.8, 1.0)),
        y=Axis("saved_model", tuple(model.stem for model in models)),
        prompts=("one {trigger}", "two {trigger}"),
        seeds=tuple(range(1, 17)),
    )
    assert plan_faults(plan) == []
    cells = expand(plan, person)
    assert plan.cell_count == len(cells) == len({cell.id for cell in cells}) == 5024
    pages = pages_of(plan, cells)
    assert {cell.id for page in pages for cell in page.cells} == {cell.id for cell in cells}
    few = chosen_cells(cells, None, CellChoice(words="m07, seed 3"))
    assert len(few) == 4 * 2

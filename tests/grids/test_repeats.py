from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from generation_fakes import FakePainter, FakeTools, make_dataset, make_plan, png_of
from PIL import Image

from lib_t2p.grids.axes.axes import Axis, GridModel
from lib_t2p.grids.cells.cells import expand, write_cells
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.grids.plan_files import write_plan
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.painting.request import CellRequest, PaintedCell
from lib_t2p.scores.scoring import score_grid
from lib_t2p.scores.verdict.scores import Scores, read_scores, write_scores
from lib_t2p.workspace.person import GridFolder, PersonFolder


class Parrot(FakePainter):
    """Paints the same picture whatever the seed."""

    def paint(self, request: CellRequest) -> PaintedCell:
        return super().paint(replace(request, seed=3))


def painted(person: PersonFolder, painter: FakePainter, seeds: tuple[int, ...]) -> GridFolder:
    plan = make_plan(
        person,
        models=(GridModel(Path("e05"), "e05"),),
        x=Axis("saved_model", ("e05",)),
        y=Axis("lora_weight", (1.0,)),
        seeds=seeds,
    )
    grid = person.grid("repeats")
    write_plan(grid, plan)
    write_cells(grid, expand(plan, person))
    make_dataset(person)
    paint_cells(grid, painter, SilentReporter())
    return grid


def scored(grid: GridFolder, person: PersonFolder) -> Scores:
    return score_grid(grid, person, FakeTools(), SilentReporter())  # type: ignore[arg-type]


def test_a_picture_that_every_seed_shows_is_repeated(person: PersonFolder) -> None:
    scores = scored(painted(person, Parrot({"": 0.8}), (1, 2, 3, 4)), person)
    assert {cell.repeated for cell in scores.cells} == {1.0}


def test_pictures_of_different_seeds_are_not_repeated(person: PersonFolder) -> None:
    scores = scored(painted(person, FakePainter({"": 0.8}), tuple(range(1, 9))), person)
    shares = [cell.repeated for cell in scores.cells if cell.repeated is not None]
    assert len(shares) == len(scores.cells)
    assert sum(shares) / len(shares) < 0.2


def test_prompts_of_one_seed_do_not_repeat_each_other(person: PersonFolder) -> None:
    scores = scored(painted(person, Parrot({"": 0.8}), (1,)), person)
    assert {cell.repeated for cell in scores.cells} == {None}


def test_a_picture_that_shows_a_training_photo_is_copied(person: PersonFolder) -> None:
    grid = painted(person, FakePainter({"": 0.8}), (1, 2))
    first = sorted(grid.cells.rglob("*.png"))[0]
    photo = sorted(person.dataset(1).img.rglob("*.png"))[0]
    before = {cell.id: cell.copied for cell in scored(grid, person).cells}
    with Image.open(photo) as picture:
        first.write_bytes(png_of(picture.convert("RGB").resize((64, 64))))
    after = {cell.id: cell.copied for cell in scored(grid, person).cells}
    changed = [cell for cell in after if after[cell] != before[cell]]
    assert len(changed) == 1
    assert (after[changed[0]] or 0) > 0.95


def test_scores_of_an_older_version_are_completed(person: PersonFolder) -> None:
    grid = painted(person, Parrot({"": 0.8}), (1, 2))
    whole = scored(grid, person)
    bare = tuple(replace(cell, copied=None, repeated=None) for cell in whole.cells)
    write_scores(grid, replace(whole, cells=bare))
    assert scored(grid, person) == whole == read_scores(grid)

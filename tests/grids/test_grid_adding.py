from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from generation_fakes import FakePainter, make_plan

from lib_t2p.errors import T2PError
from lib_t2p.grids.adding import with_values
from lib_t2p.grids.axes.axes import Axis, GridModel
from lib_t2p.grids.cells.cells import expand, write_cells
from lib_t2p.grids.cells.keeping_cells import keep_painted
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.workspace.person import GridFolder, PersonFolder


def test_only_the_cells_of_added_values_are_painted(grid: GridFolder, person: PersonFolder) -> None:
    painter, before = FakePainter(), make_plan(person)
    paint_cells(grid, painter, SilentReporter())
    plan = with_values(before, "lora_weight", (0.8, 1.0))
    assert plan.y.values == (0.6, 0.8, 1.0)
    cells = expand(plan, person)
    keep_painted(grid, cells)
    write_cells(grid, cells)
    painter.painted.clear()
    done = paint_cells(grid, painter, SilentReporter())
    assert done.painted == plan.cell_count - before.cell_count == 16
    assert all(":0.8>" in request.prompt for request in painter.painted)


def test_seeds_prompts_and_models_grow_with_their_axes(person: PersonFolder) -> None:
    plan = replace(make_plan(person), y=Axis("seed", (1, 2, 3, 4)), lora_weight=1.0)
    more = with_values(plan, "seed", (9, 2))
    assert (more.seeds, more.y.values) == ((1, 2, 3, 4, 9), (1, 2, 3, 4, 9))
    assert with_values(plan, "prompt", ("a {trigger}",)).prompts[-1] == "a {trigger}"
    model = GridModel(Path("third.safetensors"), "third")
    grown = with_values(plan, "saved_model", ("third",), (model,))
    assert grown.stems[-1] == "third" and grown.models[-1] == model


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        ("cfg", (5.0,), "no axis of cfg"),
        ("seed", (1, 2), "in the grid already"),
        ("lora_weight", (99.0,), "99"),
        ("seed", ("much",), "seed"),
    ],
)
def test_what_cannot_be_added_is_refused(
    person: PersonFolder, kind: str, values: tuple[object, ...], words: str
) -> None:
    with pytest.raises(T2PError, match=words):
        with_values(make_plan(person), kind, values)  # type: ignore[arg-type]

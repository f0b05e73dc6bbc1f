"""A person and a grid of theirs, for the rooms that read grids."""

from __future__ import annotations

from pathlib import Path

import pytest
from generation_fakes import make_dataset, make_person, make_plan

from lib_t2p.grids.cells.cells import expand, write_cells
from lib_t2p.grids.plan_files import write_plan
from lib_t2p.workspace.person import GridFolder, PersonFolder, open_workspace


@pytest.fixture
def person(tmp_path: Path) -> PersonFolder:
    return make_person(open_workspace(tmp_path / "workspace"))


@pytest.fixture
def grid(person: PersonFolder) -> GridFolder:
    """A planned grid: 2 saved models x 2 weights, 2 prompts x 4 seeds, and its dataset."""
    make_dataset(person)
    folder = person.grid("first")
    plan = make_plan(person)
    write_plan(folder, plan)
    write_cells(folder, expand(plan, person))
    return folder

"""Simple, complex and random prompts: one seed, a column for each saved model."""

from __future__ import annotations

from pathlib import Path

import pytest
from generation_fakes import FakePainter, FakeTools, make_dataset, make_person, make_plan

from lib_t2p.grids.axes.axes import GridModel
from lib_t2p.grids.cells.cells import expand, read_cells, write_cells
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.grids.compare_presets import ready_prompts
from lib_t2p.grids.plan_files import GridPlan, plan_faults, write_plan
from lib_t2p.grids.prompt_sets import MOST_MODELS, prompt_sets_plan, sets_in
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.reports.grid import prompt_sets_part
from lib_t2p.scores.scoring import score_grid
from lib_t2p.workspace.person import GridFolder, PersonFolder, open_workspace

E05, E06 = "t2p_nasa_first_e05", "t2p_nasa_first_e06"
PROMPTS = [prompt for prompts in ready_prompts().values() for prompt in prompts]


@pytest.fixture
def person(tmp_path: Path) -> PersonFolder:
    person = make_person(open_workspace(tmp_path / "wörk"))
    make_dataset(person)
    return person


def painted(person: PersonFolder, plan: GridPlan) -> GridFolder:
    grid = person.grid("prompts")
    write_plan(grid, plan)
    write_cells(grid, expand(plan, person))
    paint_cells(grid, FakePainter({"": 0.8, E05: 0.5, E06: 0.12}), SilentReporter())
    return grid


def test_every_ready_prompt_is_painted_once_as_the_other_grid_is(person: PersonFolder) -> None:
    other = make_plan(person, sampler_name="DDIM", steps=7, trigger="zwx")
    plan = prompt_sets_plan(other, other.models, 0.8)
    assert plan_faults(plan) == []
    assert (plan.sampler_name, plan.steps, plan.trigger) == ("DDIM", 7, "zwx")
    assert plan.seeds == other.seeds[:1]
    assert plan.weights == (0.8,)
    assert plan.cell_count == (1 + len(other.models)) * len(PROMPTS)
    assert [one.title for one in sets_in(plan)] == ["Simple", "Complex", "Random"]
    cells = expand(plan, person)
    assert all("zwx" in cell.request.prompt for cell in cells)


def test_more_models_than_fit_on_paper_are_left_out(person: PersonFolder) -> None:
    models = [GridModel(Path(f"m{n}.safetensors"), f"t2p_m{n}", "", "r", n) for n in range(6)]
    plan = prompt_sets_plan(make_plan(person), models, 1.0)
    assert plan.stems == tuple(f"t2p_m{n}" for n in range(MOST_MODELS))


def test_a_grid_of_other_prompts_has_no_such_part(person: PersonFolder) -> None:
    grid = painted(person, make_plan(person))
    assert prompt_sets_part(grid) == ""


def test_the_part_shows_each_prompt_with_its_distances(person: PersonFolder) -> None:
    other = make_plan(person)
    grid = painted(person, prompt_sets_plan(other, other.models, 1.0))
    before = prompt_sets_part(grid)
    score_grid(grid, person, FakeTools(), SilentReporter())
    part = prompt_sets_part(grid)
    assert part.count("<img ") == before.count("<img ") == 3 * len(PROMPTS)
    assert before.count("<small></small>") == 3 * len(PROMPTS)
    assert "<small></small>" not in part
    order = [part.index(words) for words in ("Simple</th>", "Complex</th>", "Random</th>")]
    assert order == sorted(order)
    assert "Without LoRA" in part
    assert "e06, weight 1" in part
    assert "nasax woman" in part
    assert len(part) < 2_000_000


def test_pictures_that_are_missing_are_told(person: PersonFolder) -> None:
    other = make_plan(person)
    grid = painted(person, prompt_sets_plan(other, other.models, 1.0))
    gone = next(cell for cell in read_cells(grid) if cell.model == E06)
    (grid.cells / f"{gone.id}.png").unlink()
    part = prompt_sets_part(grid)
    assert part.count("not painted") == 1
    assert part.count("<img ") == 3 * len(PROMPTS) - 1


def test_of_several_weights_the_nearest_to_the_plans_own_is_shown(person: PersonFolder) -> None:
    prompts = tuple(PROMPTS)
    grid = painted(person, make_plan(person, prompts=prompts, seeds=(1, 2), lora_weight=0.7))
    part = prompt_sets_part(grid)
    assert "e05, weight 0.6" in part
    assert "weight 1" not in part

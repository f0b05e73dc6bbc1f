from __future__ import annotations

import itertools

import pytest
from generation_fakes import make_plan

from lib_t2p.errors import WorkspaceError
from lib_t2p.grids.axes.axes import Axis
from lib_t2p.grids.cells.cells import NO_LORA, expand, read_cells, write_cells
from lib_t2p.workspace.person import GridFolder, PersonFolder


def test_every_group_has_every_prompt_and_seed_once(person: PersonFolder) -> None:
    plan = make_plan(person)
    cells = expand(plan, person)
    assert len(cells) == plan.cell_count == len({cell.id for cell in cells})
    wanted = set(itertools.product(range(2), plan.seeds))
    for _, group in itertools.groupby(cells, key=lambda c: (c.model, c.weight)):
        members = list(group)
        assert len(members) == 8
        assert {(c.prompt, c.seed) for c in members} == wanted


def test_each_lora_and_weight_is_loaded_once(person: PersonFolder) -> None:
    cells = expand(make_plan(person), person)
    switches = [key for key, _ in itertools.groupby(cells, key=lambda c: (c.model, c.weight))]
    assert len(switches) == len(set(switches)) == 5
    loads = [key for key, _ in itertools.groupby(cells, key=lambda c: c.model)]
    assert loads == ["", "t2p_nasa_first_e05", "t2p_nasa_first_e06"]


def test_the_reference_has_the_same_text_without_the_tag(person: PersonFolder) -> None:
    cells = expand(make_plan(person), person)
    plain = next(c for c in cells if not c.model and c.prompt == 0)
    tagged = next(c for c in cells if c.model and c.prompt == 0 and c.weight == 0.6)
    assert plain.request.prompt == "photo of nasax woman"
    assert tagged.request.prompt == "photo of nasax woman <lora:t2p_nasa_first_e05:0.6>"
    assert (plain.x, plain.y) == (NO_LORA, NO_LORA)


def test_braces_of_variants_are_left_alone(person: PersonFolder) -> None:
    cells = expand(make_plan(person), person)
    assert cells[4].request.prompt == "painting of nasax, {red|blue}"


def test_the_trigger_of_the_plan_goes_before_the_persons(person: PersonFolder) -> None:
    cells = expand(make_plan(person, trigger="other", negative_prompt="not {trigger}"), person)
    assert cells[0].request.prompt == "photo of other woman"
    assert cells[0].request.negative_prompt == "not other"


def test_places_follow_the_axes_also_when_they_are_exchanged(person: PersonFolder) -> None:
    plan = make_plan(person)
    turned = make_plan(person, x=plan.y, y=plan.x)
    places = {(c.model, c.weight): (c.x, c.y) for c in expand(plan, person) if c.model}
    exchanged = {(c.model, c.weight): (c.y, c.x) for c in expand(turned, person) if c.model}
    assert places == exchanged
    assert places["t2p_nasa_first_e06", 0.6] == (1, 0)


def test_ids_stay_the_same_and_are_plain_file_names(person: PersonFolder) -> None:
    plan = make_plan(person, y=Axis("lora_weight", (-0.5, 1)))
    ids = [cell.id for cell in expand(plan, person)]
    assert ids == [cell.id for cell in expand(plan, person)]
    assert ids[0] == "none_p01_s1"
    assert ids[-1] == "m02_w1_p02_s4"


def test_cells_come_back_from_disk(grid: GridFolder, person: PersonFolder) -> None:
    cells = expand(make_plan(person), person)
    write_cells(grid, cells)
    assert read_cells(grid) == cells


def test_damaged_cells_are_refused_in_a_sentence(grid: GridFolder) -> None:
    text = grid.requests.read_text(encoding="utf-8").replace('"seed"', '"sead"')
    grid.requests.write_text(text, encoding="utf-8")
    with pytest.raises(WorkspaceError, match="plan the grid again"):
        read_cells(grid)

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from generation_fakes import make_plan

from lib_t2p.errors import FaultsError, InputError, NewerSchemaError
from lib_t2p.grids.axes.axes import Axis, GridModel
from lib_t2p.grids.plan_files import GridPlan, plan_faults, read_plan, write_plan
from lib_t2p.workspace.person import GridFolder, PersonFolder


def test_a_plan_comes_back_from_disk_as_it_was_written(person: PersonFolder) -> None:
    grid = person.grid("Grid Nr. 1")
    plan = make_plan(person, prompts=('a "quoted" {trigger}\nüber\\zwei',), cfg_scale=5)
    write_plan(grid, plan)
    assert read_plan(grid) == plan


def test_many_models_keep_their_order_on_disk(person: PersonFolder) -> None:
    models = tuple(GridModel(Path(f"e{n}.safetensors"), f"e{n}") for n in range(1, 13))
    plan = make_plan(person, models=models, x=Axis("saved_model", tuple(m.stem for m in models)))
    write_plan(person.grid("g"), plan)
    assert read_plan(person.grid("g")).models == models


def test_all_bad_values_are_named_at_once(person: PersonFolder) -> None:
    bad = make_plan(
        person,
        models=(
            GridModel(Path("a"), "with:colon"),
            GridModel(Path("b"), "b"),
            GridModel(Path("b"), "b"),
        ),
        x=Axis("saved_model", ("b", "unknown")),
        y=Axis("lora_weight", (1.0, 1.0, math.nan, 77.0)),
        prompts=("ok", "ok", " ", "<LORA:x:1>"),
        seeds=(-1, 3, 3, 2**32),
        steps=0,
        width=100,
        height=32,
        cfg_scale=math.inf,
        clip_skip=13,
        checkpoint="",
        dataset=-1,
    )
    with pytest.raises(FaultsError) as caught:
        write_plan(person.grid("g"), bad)
    text = str(caught.value)
    for word in (
        "'with:colon'", "'b' is chosen twice", "'unknown'", "names 1.0 twice", "nan", "77.0",
        "checkpoint is empty", "prompt 2 repeats", "prompt 3 is empty", "prompt 4 has a <lora",
        "seed -1", "seed 3 is given twice", "seed 4294967296", "steps is 0",
        "width is 100: it must be a multiple of 8", "height is 32", "cfg_scale is inf",
        "clip_skip is 13", "dataset is -1",
    ):  # fmt: skip
        assert word in text, word
    assert not person.grid("g").plan.exists()


def test_two_axes_of_one_kind_are_refused(person: PersonFolder) -> None:
    plan = make_plan(person)
    assert "both axes vary the same" in "\n".join(plan_faults(replace(plan, y=plan.x)))


def test_an_empty_plan_is_refused_in_words(person: PersonFolder) -> None:
    empty = make_plan(
        person,
        models=(),
        prompts=(),
        seeds=(),
        x=Axis("saved_model", ()),
        y=Axis("lora_weight", ()),
    )
    text = "\n".join(plan_faults(empty))
    for word in ("no saved model", "no prompt", "no seed", "axis x has no", "axis y has no"):
        assert word in text


def test_a_grid_too_large_to_be_meant_is_refused(person: PersonFolder) -> None:
    plan = make_plan(person, seeds=tuple(range(5000)))
    assert plan_faults(plan) == ["the grid has 50000 pictures, more than 20000"]


def test_reading_names_all_wrong_keys_at_once(person: PersonFolder) -> None:
    grid = person.grid("g")
    write_plan(grid, make_plan(person))
    text = grid.plan.read_text(encoding="utf-8")
    text = text.replace("steps = 20", 'steps = "many"').replace(
        "seeds = [1, 2, 3, 4]", "colour = 1"
    )
    text = text.replace("epoch = 5", "epoche = 5").replace('kind = "lora_weight"', "sort = 1")
    grid.plan.write_text(text, encoding="utf-8")
    with pytest.raises(FaultsError) as caught:
        read_plan(grid)
    for word in ("steps must be", "seeds is missing", "colour is not known", "epoche", "[y]"):
        assert word in str(caught.value), word


def test_a_newer_grid_is_refused_in_a_sentence(grid: GridFolder) -> None:
    text = grid.plan.read_text(encoding="utf-8").replace("schema = 1", "schema = 2")
    grid.plan.write_text(text, encoding="utf-8")
    with pytest.raises(NewerSchemaError, match="update the extension"):
        read_plan(grid)


def test_a_missing_plan_and_one_without_schema_are_refused(person: PersonFolder) -> None:
    grid = person.grid("none")
    with pytest.raises(InputError):
        read_plan(grid)
    write_plan(grid, make_plan(person))
    text = grid.plan.read_text(encoding="utf-8").replace("schema = 1\n", "")
    grid.plan.write_text(text, encoding="utf-8")
    with pytest.raises(FaultsError, match="schema is missing"):
        read_plan(grid)


def test_the_reference_counts_once_per_prompt_and_seed(person: PersonFolder) -> None:
    plan: GridPlan = make_plan(person)
    assert plan.cell_count == (1 + 2 * 2) * 2 * 4

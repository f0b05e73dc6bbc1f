from __future__ import annotations

from pathlib import Path

import pytest
from generation_fakes import FakePainter, StopAfter, make_plan
from PIL import Image

from lib_t2p.errors import FaultsError, InputError
from lib_t2p.grids.axes.axes import Axis
from lib_t2p.grids.cells.cells import expand, write_cells
from lib_t2p.grids.cells.painting_cells import loads_of, paint_cells
from lib_t2p.grids.compare_presets import READY, ready_axes, ready_prompts
from lib_t2p.grids.plan_files import plan_faults, read_plan, write_plan
from lib_t2p.grids.typed_axes import LISTED, naming_faults, split, typed_axis
from lib_t2p.workspace.person import PersonFolder

STEMS = ("t2p_nasa_first_e05", "t2p_nasa_first_e06")
BASES = Axis("checkpoint", ("a.safetensors", "b.safetensors"))


def test_ranges_and_lists_become_values() -> None:
    assert typed_axis("cfg", "1-7 (+3), 9.5", {}, "--x").values == (1.0, 4.0, 7.0, 9.5)
    assert typed_axis("clip_skip", "1-3", {}, "--x").values == (1, 2, 3)
    assert typed_axis("lora_weight", "", {"lora_weight": (0.5, 1.0)}, "--x").values == (0.5, 1.0)
    assert split('"a, b.ckpt", c; d') == ["a, b.ckpt", "c", "d"]


@pytest.mark.parametrize(("kind", "typed"), [("cfg", "1-5 (-1)"), ("cfg", ""), ("sampler", " ")])
def test_what_gives_no_value_is_refused_by_its_field(kind: str, typed: str) -> None:
    with pytest.raises(FaultsError, match="--y"):
        typed_axis(kind, typed, {}, "--y")


def test_names_that_are_not_there_are_named_together(person: PersonFolder) -> None:
    plan = make_plan(person, x=Axis("sampler", ("Euler a", "Oiler")), z=Axis("vae", ("x.pt",)))
    faults = naming_faults(plan, {"sampler": ["Euler a"], "vae": []})
    assert ["'Oiler'" in faults[0], "'x.pt'" in faults[1], len(faults)] == [True, True, 2]


def test_every_ready_axis_makes_a_plan_without_faults(person: PersonFolder) -> None:
    known = {"sampler": ["Euler a", "DDIM"], "checkpoint": ["a, one", "b"]}
    for ready in READY:
        found = ready_axes(ready.title, known)
        listed = {"saved_model": STEMS, "lora_weight": (0.9,), "seed": (1, 2, 3, 4)}
        x, y = (typed_axis(*typed, listed, "axis") for typed in (found.x, found.y))
        plan = make_plan(person, x=x, y=y, start="start.png", lora_weight=0.9)
        assert plan_faults(plan) == [], ready.name
        assert x.values and (x.kind in LISTED or len(x.values) > 1)
    with pytest.raises(InputError, match="epochs"):
        ready_axes("nothing", {})


def test_ready_prompts_have_the_trigger_and_no_wildcards() -> None:
    sets = ready_prompts()
    assert list(sets) == ["Simple", "Complex", "Random"]
    for prompt in (p for prompts in sets.values() for p in prompts):
        assert "{trigger}" in prompt and "__" not in prompt and "|" not in prompt


def test_denoising_begins_every_cell_with_the_picture(person: PersonFolder, tmp_path: Path) -> None:
    start = tmp_path / "st\u00e4rt.png"
    Image.new("RGB", (8, 8)).save(start)
    plan = make_plan(person, x=Axis("denoising", (0.2, 0.8)), y=Axis("saved_model", STEMS))
    assert "name a start picture" in plan_faults(plan)[0]
    plan = make_plan(person, x=plan.x, y=plan.y, start=str(start), vae="None", denoising=0.5)
    write_plan(person.grid("start"), plan)
    assert read_plan(person.grid("start")) == plan
    starts = {
        (c.x, c.request.start.denoising)
        for c in expand(plan, person)
        if c.model and c.request.start
    }
    assert starts == {(0, 0.2), (1, 0.8)}
    assert {c.request.vae for c in expand(plan, person)} == {"None"}
    start.unlink()
    with pytest.raises(InputError, match="choose another"):
        expand(plan, person)


def test_the_result_counts_loads(person: PersonFolder) -> None:
    plan = make_plan(
        person, x=Axis("lora_weight", (0.5, 1.0)), y=Axis("saved_model", STEMS), z=BASES
    )
    grid, cells = person.grid("loads"), expand(plan, person)
    write_plan(grid, plan)
    write_cells(grid, cells)
    done = paint_cells(grid, FakePainter(), StopAfter())
    assert (done.checkpoint_loads, done.lora_loads) == (2, 4)
    assert loads_of(cells[::-1]) == (2, 4)
    assert paint_cells(grid, FakePainter(), StopAfter()).checkpoint_loads == 0

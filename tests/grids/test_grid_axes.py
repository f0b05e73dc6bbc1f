from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from generation_fakes import FakePainter, FakeTools, StopAfter, make_dataset, make_plan

from lib_t2p.grids.axes.axes import Axis, GridModel
from lib_t2p.grids.cells.cell_files import cell_path
from lib_t2p.grids.cells.cells import NO_LORA, Cell, expand, read_cells, write_cells
from lib_t2p.grids.cells.keeping_cells import keep_painted
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.grids.plan_files import GridPlan, plan_faults, read_plan, write_plan
from lib_t2p.reports.picture.picture import draw_grid
from lib_t2p.reports.picture.picture_groups import groups_of, references_of
from lib_t2p.reports.picture.picture_layout import row_labels
from lib_t2p.scores.scoring import score_grid
from lib_t2p.scores.verdict.verdict import judge
from lib_t2p.workspace.person import GridFolder, PersonFolder

MODEL = GridModel(Path("one.safetensors"), "one", "one")
CFG = Axis("cfg", (3.0, 7.0))
CLIP_SKIP = Axis("clip_skip", (1, 2))
BASES = Axis("checkpoint", ("models/a.safetensors", "models/b.safetensors"))
STEMS = ("t2p_nasa_first_e05", "t2p_nasa_first_e06")


def one_model(person: PersonFolder, x: Axis, y: Axis, **changes: object) -> GridPlan:
    prompts = ("photo of {trigger}",)
    fields = {"models": (MODEL,), "x": x, "y": y, "prompts": prompts, "seeds": (1, 2), **changes}
    return make_plan(person, **fields)


def planned(person: PersonFolder, plan: GridPlan) -> tuple[GridFolder, list[Cell]]:
    grid, cells = person.grid("axes"), expand(plan, person)
    write_plan(grid, plan)
    keep_painted(grid, cells)
    write_cells(grid, cells)
    return grid, cells


def test_each_kind_of_axis_changes_what_the_painter_gets(person: PersonFolder) -> None:
    names = {"cfg": "cfg_scale", "sampler": "sampler_name"}
    for axis in (
        CFG,
        CLIP_SKIP,
        BASES,
        Axis("sampler", ("Euler a", "DDIM")),
        Axis("steps", (5, 9)),
    ):
        for cell in expand(one_model(person, axis, Axis("lora_weight", (0.5, 1.0))), person):
            painted = getattr(cell.request, names.get(axis.kind, axis.kind))
            assert painted == axis.values[cell.x]


def test_the_trigger_gets_its_weight_in_brackets(person: PersonFolder) -> None:
    plan = one_model(person, Axis("trigger_weight", (0.0, 1.0, 1.2)), CFG)
    prompts = [c.request.prompt for c in expand(plan, person) if c.model and c.y == 0]
    assert prompts[::2] == [
        "photo of (nasax:0) <lora:one:1>",
        "photo of nasax <lora:one:1>",
        "photo of (nasax:1.2) <lora:one:1>",
    ]


def test_checkpoints_and_loras_are_loaded_as_seldom_as_possible(person: PersonFolder) -> None:
    plan = make_plan(person, x=CFG, y=Axis("saved_model", STEMS), z=BASES)
    cells = expand(plan, person)
    bases = [key for key, _ in itertools.groupby(cells, key=lambda c: c.request.checkpoint)]
    loads = itertools.groupby(cells, key=lambda c: (c.request.checkpoint, c.model))
    assert bases == list(BASES.values)
    assert len([key for key, _ in loads]) == 2 * 3
    assert len(cells) == len({c.id for c in cells}) == plan.cell_count == 2 * 2 * 3 * 8


def test_rows_of_a_third_axis_stand_block_by_block(person: PersonFolder) -> None:
    plan = make_plan(person, x=CFG, y=Axis("saved_model", STEMS), z=BASES)
    cells = expand(plan, person)
    rows = {(c.request.checkpoint, c.model): c.y for c in cells if c.model}
    assert [rows[base, stem] for base in BASES.values for stem in STEMS] == [0, 1, 2, 3]  # type: ignore[index]
    assert row_labels(plan) == ["a, e05", "a, e06", "b, e05", "b, e06"]
    assert {c.y for c in cells if not c.model} == {NO_LORA}


def test_axes_of_seeds_and_prompts_place_cells_and_add_none(person: PersonFolder) -> None:
    prompts = ("a {trigger}", "b {trigger}")
    axes = Axis("seed", (2, 1)), Axis("prompt", (1, 2))
    plan = one_model(person, *axes, prompts=prompts)
    cells = expand(plan, person)
    assert plan_faults(plan) == []
    assert len(cells) == 2 * 4
    assert {(c.seed, c.prompt): (c.x, c.y) for c in cells if c.model} == {
        (2, 0): (0, 0), (1, 0): (1, 0), (2, 1): (0, 1), (1, 1): (1, 1),
    }  # fmt: skip
    assert all(len(group.cells) == 1 for group in groups_of(cells, None))


def test_a_plan_with_three_axes_comes_back_from_disk(person: PersonFolder) -> None:
    plan = make_plan(person, x=CFG, y=Axis("saved_model", STEMS), z=BASES, base=STEMS[0])
    write_plan(person.grid("three"), plan)
    assert read_plan(person.grid("three")) == plan


def test_all_bad_values_of_all_axes_are_named_at_once(person: PersonFolder) -> None:
    plan = one_model(
        person,
        Axis("cfg", (0.5, "much")),
        Axis("clip_skip", (1.5, 13)),
        z=Axis("sampler", ("", 3)),
        base="nobody",
        lora_weight=9.0,
    )
    text = "\n".join(plan_faults(plan))
    for word in ("CFG scale 0.5", "'much'", "1.5, which is no whole", "skip 13", "sampler ''",
                 "sampler 3", "'nobody'", "lora_weight is 9"):  # fmt: skip
        assert word in text, word


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"x": Axis("seed", (1, 3))}, "axis of seeds must have"),
        ({"x": Axis("prompt", (1, 2))}, "numbers 1 to 1"),
        ({"x": Axis("trigger_weight", (1.0,)), "prompts": ("a face",)}, "nothing to act on"),
        ({"models": (MODEL, replace(MODEL, stem="two"))}, "no axis shows them"),
    ],
)
def test_axes_that_do_not_fit_the_plan_are_refused(
    person: PersonFolder, changes: dict[str, object], words: str
) -> None:
    plan = one_model(person, CFG, CLIP_SKIP)
    assert words in "\n".join(plan_faults(replace(plan, **changes)))  # type: ignore[arg-type]


def test_a_value_added_between_others_is_all_that_is_painted(person: PersonFolder) -> None:
    weights = Axis("lora_weight", (1.0,))
    grid, cells = planned(person, one_model(person, CFG, weights))
    assert paint_cells(grid, FakePainter(), StopAfter()).painted == 8
    before = {cell_path(grid, c).read_bytes() for c in cells}

    grid, cells = planned(person, one_model(person, Axis("cfg", (3.0, 5.0, 7.0)), weights))
    painter = FakePainter()
    done = paint_cells(grid, painter, StopAfter())
    assert (done.painted, done.resumed) == (4, 8)
    assert {request.cfg_scale for request in painter.painted} == {5.0}
    assert before <= {cell_path(grid, c).read_bytes() for c in cells}


def test_pictures_whose_names_are_exchanged_are_all_kept(person: PersonFolder) -> None:
    weights = Axis("lora_weight", (1.0,))
    grid, _ = planned(person, one_model(person, CFG, weights))
    paint_cells(grid, FakePainter(), StopAfter())
    planned(person, one_model(person, Axis("cfg", (7.0, 3.0)), weights))
    assert paint_cells(grid, FakePainter(), StopAfter()).painted == 0
    assert not list(grid.cells.glob("*.moving"))


def test_each_row_has_its_own_reference_where_rows_are_painted_differently(
    person: PersonFolder,
) -> None:
    plan = make_plan(person, x=Axis("saved_model", STEMS), y=CFG)
    found = references_of(plan, expand(plan, person), None)
    assert [(g.y, {c.point for c in g.cells}) for g in found] == [(0, {"CFG 3"}), (1, {"CFG 7"})]
    shared = make_plan(person)
    assert [g.y for g in references_of(shared, expand(shared, person), None)] == [0]


def test_pictures_of_one_candidate_are_compared_at_the_same_point_only(
    person: PersonFolder,
) -> None:
    make_dataset(person)
    plan = make_plan(
        person, x=Axis("saved_model", STEMS), y=CFG, base=STEMS[0], seeds=tuple(range(1, 9))
    )
    grid, _ = planned(person, plan)
    near = FakePainter(identities={STEMS[0]: 0.5, STEMS[1]: 0.25, "": 0.8})
    paint_cells(grid, near, StopAfter())
    scores = score_grid(grid, person, FakeTools(), StopAfter())  # type: ignore[arg-type]
    verdict = judge(plan, scores)
    assert verdict.best is not None and verdict.best.model == STEMS[1]
    assert [s.pictures for s in verdict.candidates] == [32, 32]
    assert all(len(s.by_picture) == s.found == 32 for s in verdict.candidates)
    groups = groups_of(read_cells(grid), scores)
    assert [g.summary.pictures for g in groups if g.summary] == [16, 16, 16, 16]
    assert draw_grid(grid, person).exists()

"""The winner is scored again on seeds that no choice was made by."""

from __future__ import annotations

from pathlib import Path

import pytest
from generation_fakes import FakePainter, FakeTools, make_dataset, make_plan

from lib_t2p.grids.axes.axes import Axis, GridModel
from lib_t2p.grids.cells.cells import expand, write_cells
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.grids.plan_files import GridPlan, read_plan, write_plan
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.scores.confirming import (
    MOST,
    confirmation_grid,
    confirmation_plan,
    contenders,
    final_verdict,
)
from lib_t2p.scores.scoring import score_grid
from lib_t2p.scores.verdict.scores import read_scores
from lib_t2p.scores.verdict.summaries import Candidate
from lib_t2p.scores.verdict.verdict import judge
from lib_t2p.workspace.person import GridFolder, PersonFolder

pytestmark = pytest.mark.slow

STEMS = ("e05", "e10", "e15")
SEEDS = tuple(range(1, 9))


def plan_of(person: PersonFolder, stems: tuple[str, ...] = STEMS) -> GridPlan:
    return make_plan(
        person,
        models=tuple(GridModel(Path(stem), stem) for stem in stems),
        x=Axis("lora_weight", (0.7, 1.0)),
        y=Axis("saved_model", stems),
        seeds=SEEDS,
        base=STEMS[0],
    )


def drawn(
    person: PersonFolder,
    plan: GridPlan,
    grid: GridFolder,
    faceless: tuple[int, ...] = (),
    **of: float,
) -> GridFolder:
    write_plan(grid, plan)
    write_cells(grid, expand(plan, person))
    if not person.datasets():
        make_dataset(person)
    painter = FakePainter({"": 0.9, **of}, faceless_seeds=faceless)
    paint_cells(grid, painter, SilentReporter())
    score_grid(grid, person, FakeTools(), SilentReporter())  # type: ignore[arg-type]
    return grid


def first_grid(person: PersonFolder, **of: float) -> GridFolder:
    return drawn(person, plan_of(person), person.grid("first"), **of)


def again(person: PersonFolder, first: GridFolder, **more: object) -> GridFolder:
    plan = read_plan(first)
    wanted = confirmation_plan(plan, judge(plan, read_scores(first)))
    assert wanted is not None
    return drawn(person, wanted, confirmation_grid(person, first), **more)  # type: ignore[arg-type]


def test_only_the_winner_and_its_ties_are_drawn_again_with_other_seeds(
    person: PersonFolder,
) -> None:
    first = first_grid(person, e05=0.8, e10=0.4, e15=0.6)
    plan = read_plan(first)
    verdict = judge(plan, read_scores(first))
    # Both weights of the fake painter give the same faces.
    assert {c.model for c in contenders(verdict)} == {"e10"}
    wanted = confirmation_plan(plan, verdict)
    assert wanted is not None
    assert [model.stem for model in wanted.models] == ["e10"]
    assert wanted.y.values == ("e10",)
    assert wanted.x.values == (0.7, 1.0)
    assert wanted.seeds == tuple(range(9, 17))
    assert wanted.base == ""
    assert wanted.prompts == plan.prompts


def test_many_ties_are_not_all_drawn_again(person: PersonFolder) -> None:
    first = first_grid(person, e05=0.4, e10=0.4, e15=0.4)
    assert len(contenders(judge(read_plan(first), read_scores(first)))) == MOST


def test_without_a_leader_there_is_nothing_to_confirm(person: PersonFolder) -> None:
    first = drawn(person, plan_of(person), person.grid("first"), SEEDS, e10=0.4)
    assert confirmation_plan(read_plan(first), judge(read_plan(first), read_scores(first))) is None


def test_the_final_numbers_are_those_of_fresh_seeds(person: PersonFolder) -> None:
    first = first_grid(person, e05=0.8, e10=0.4, e15=0.6)
    before = final_verdict(first, person)
    assert before.fresh == ()
    again(person, first, e10=0.5)
    verdict = final_verdict(first, person)
    assert verdict.leader is not None
    assert verdict.leader.model == "e10"
    assert verdict.candidates == before.candidates
    assert len(verdict.fresh) == 2
    assert verdict.fresh[0].distance != before.candidates[2].distance
    assert "These are the numbers of 8 fresh seeds; its distance was" in verdict.sentence


def test_another_winner_on_fresh_seeds_is_named(person: PersonFolder) -> None:
    first = drawn(person, plan_of(person), person.grid("first"), e05=0.8, e10=0.4, e15=0.4)
    leader = judge(read_plan(first), read_scores(first)).leader
    assert leader is not None
    other = "e15" if leader.model == "e10" else "e10"
    again(person, first, **{leader.model: 0.7, other: 0.3})
    verdict = final_verdict(first, person)
    assert verdict.leader is not None
    assert verdict.leader.model == other
    assert f"There {leader.model} at weight" in verdict.sentence


def test_fresh_seeds_without_faces_leave_the_first_winner_unconfirmed(
    person: PersonFolder,
) -> None:
    first = first_grid(person, e05=0.8, e10=0.4, e15=0.6)
    again(person, first, faceless=tuple(range(9, 17)), e10=0.4)
    verdict = final_verdict(first, person)
    assert verdict.leader == judge(read_plan(first), read_scores(first)).leader
    assert verdict.best is None
    assert any("could not be confirmed on 8 fresh seeds" in note for note in verdict.notes)


def test_a_confirmation_of_other_contenders_is_out_of_date(person: PersonFolder) -> None:
    first = first_grid(person, e05=0.8, e10=0.4, e15=0.6)
    again(person, first, e10=0.5)
    drawn(person, plan_of(person), first, e05=0.3, e10=0.4, e15=0.6)
    for path in first.cells.rglob("*.png"):
        path.unlink()
    drawn(person, plan_of(person), first, e05=0.3, e10=0.5, e15=0.6)
    verdict = final_verdict(first, person)
    assert verdict.leader is not None
    assert verdict.leader == Candidate("e05", verdict.leader.weight)
    assert verdict.fresh == ()


def test_a_damaged_confirmation_takes_nothing_from_the_first_verdict(
    person: PersonFolder,
) -> None:
    first = first_grid(person, e05=0.8, e10=0.4, e15=0.6)
    expected = final_verdict(first, person)
    second = again(person, first, e10=0.5)
    second.plan.write_text("nonsense =", encoding="utf-8")
    assert final_verdict(first, person) == expected

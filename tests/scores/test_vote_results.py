"""Pairs, ballots, and what is said of them."""

from __future__ import annotations

import pytest
from generation_fakes import FakePainter, FakeTools

from lib_t2p.actions.grids.votes import booth, cast, choose_candidates, labels_of, undo
from lib_t2p.errors import InputError, WorkspaceError
from lib_t2p.grids.cells.cells import read_cells
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.grids.plan_files import read_plan
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.reports.grid import write_report
from lib_t2p.scores.confirming import final_verdict
from lib_t2p.scores.scoring import score_grid
from lib_t2p.scores.votes.ballots import read_ballots
from lib_t2p.scores.votes.pairing import pairs_of
from lib_t2p.scores.votes.vote_words import votes_beside
from lib_t2p.workspace.person import GridFolder, PersonFolder

pytestmark = pytest.mark.slow

NEAR, FAR = "t2p_nasa_first_e05", "t2p_nasa_first_e06"


@pytest.fixture
def painted(grid: GridFolder) -> GridFolder:
    painter = FakePainter({"": 0.9, NEAR: 0.15, FAR: 0.6})
    paint_cells(grid, painter, SilentReporter())
    return grid


def vote_for(person: PersonFolder, grid: GridFolder, stem: str, times: int) -> None:
    for _ in range(times):
        pair = booth(person, grid).pair
        assert pair is not None
        cast(person, grid, pair.key, "left" if pair.left.model == stem else "right")


def two(person: PersonFolder, grid: GridFolder) -> None:
    chosen = [t for t, c in labels_of(read_plan(grid)).items() if c.weight == 1.0]
    choose_candidates(person, grid, chosen)


def test_pairs_share_prompt_and_seed_and_come_in_the_same_order(grid: GridFolder) -> None:
    cells = read_cells(grid)
    among = list(labels_of(read_plan(grid)).values())[:2]
    pairs = pairs_of(cells, among, 0)
    assert len(pairs) == 8
    assert all(p.left.seed == p.right.seed and p.left.prompt == p.right.prompt for p in pairs)
    assert pairs_of(list(reversed(cells)), among, 0) == pairs
    assert [p.key for p in pairs_of(cells, among, 1)] != [p.key for p in pairs]
    everybody = list(labels_of(read_plan(grid)).values())
    assert {p.left.model for p in pairs_of(cells, everybody, 0)} == {NEAR, FAR}


def test_a_reload_asks_the_same_until_it_is_answered(
    person: PersonFolder, painted: GridFolder
) -> None:
    asked = booth(person, painted).pair
    assert asked is not None
    assert booth(person, painted).pair == asked
    left = booth(person, painted).left
    cast(person, painted, asked.key, "left")
    cast(person, painted, asked.key, "right")
    assert [v.choice for v in read_ballots(painted).votes] == ["left"]
    assert booth(person, painted).left == left - 1
    undo(painted)
    assert booth(person, painted).pair == asked


def test_votes_agree_with_the_numbers(person: PersonFolder, painted: GridFolder) -> None:
    score_grid(painted, person, FakeTools(), SilentReporter())  # type: ignore[arg-type]
    two(person, painted)
    vote_for(person, painted, NEAR, 8)
    beside = votes_beside(painted, final_verdict(painted, person))
    assert beside is not None
    assert beside.sentence.startswith("In 8 blind votes e05 at weight 1 was preferred in 100 % (68")
    assert "likeness numbers" in beside.beside
    assert "disagree" not in beside.beside


def test_the_report_shows_votes_beside_a_verdict_that_they_do_not_change(
    person: PersonFolder, painted: GridFolder
) -> None:
    score_grid(painted, person, FakeTools(), SilentReporter())  # type: ignore[arg-type]
    two(person, painted)
    before = final_verdict(painted, person).sentence
    without = write_report(painted, person, []).read_text(encoding="utf-8")
    vote_for(person, painted, FAR, 8)
    voted = write_report(painted, person, []).read_text(encoding="utf-8")
    assert "blind vote" not in without
    assert "In 8 blind votes e06 at weight 1 was preferred in 100 %" in voted
    assert "The likeness numbers see no difference" in voted
    assert final_verdict(painted, person).sentence == before


def test_cant_tell_counts_half_and_is_said(person: PersonFolder, painted: GridFolder) -> None:
    two(person, painted)
    for _ in range(2):
        pair = booth(person, painted).pair
        assert pair is not None
        cast(person, painted, pair.key, "neither")
    beside = votes_beside(painted, None)
    assert beside is not None
    assert "50 %" in beside.sentence
    assert "2 could not tell, which counts half to each" in beside.sentence
    assert "no difference beyond chance" in beside.sentence


def test_several_candidates_are_ranked(person: PersonFolder, painted: GridFolder) -> None:
    choose_candidates(person, painted, list(labels_of(read_plan(painted))))
    vote_for(person, painted, NEAR, 48)
    state = booth(person, painted)
    assert (state.pair, state.left, state.done) == (None, 0, 48)
    assert state.beside is not None
    assert state.beside.result.standings[0].candidate.model == NEAR
    assert "48 blind votes among 4" in state.beside.sentence


def test_what_is_not_painted_is_not_asked(person: PersonFolder, grid: GridFolder) -> None:
    state = booth(person, grid)
    assert (state.pair, state.left) == (None, 0)


@pytest.mark.parametrize(
    ("act", "fault"),
    [
        (lambda p, g: cast(p, g, "no-such-pair", "left"), "not asked any more"),
        (lambda p, g: cast(p, g, "no-such-pair", "up"), "no choice"),
        (lambda p, g: choose_candidates(p, g, ["nobody", "else"]), "nobody"),
        (lambda p, g: choose_candidates(p, g, []), "choose 2 to"),
        (lambda _, g: undo(g), "nothing to take back"),
    ],
)
def test_bad_votes_are_refused(
    person: PersonFolder, painted: GridFolder, act: object, fault: str
) -> None:
    with pytest.raises(InputError, match=fault):
        act(person, painted)  # type: ignore[operator]


def test_damaged_votes_are_a_sentence(person: PersonFolder, painted: GridFolder) -> None:
    painted.votes.write_text('{"schema": 1, "votes": 3}', encoding="utf-8")
    with pytest.raises(WorkspaceError, match="move it away"):
        booth(person, painted)

"""Intervals of votes against published and planted values.

The published ones: R. G. Newcombe, "Two-sided confidence intervals for the single proportion"
(1998), Statistics in Medicine 17, table I, method 3.
"""

from __future__ import annotations

import numpy as np
import pytest

from lib_t2p.scores.votes.preference import bradley_terry, counts, ranking, wilson


@pytest.mark.parametrize(
    ("won", "votes", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_is_the_published_one(
    won: int, votes: int, low: float, high: float
) -> None:
    found = wilson(won, votes)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_a_share_without_votes_is_refused() -> None:
    with pytest.raises(ValueError, match="needs votes"):
        wilson(0, 0)


def test_an_even_split_is_no_preference() -> None:
    assert not wilson(5.0, 10).seen
    assert wilson(10, 10).seen


def test_two_strengths_have_the_ratio_of_their_votes() -> None:
    strong, weak = bradley_terry(counts(2, [(0, 1, 1.0)] * 3 + [(0, 1, 0.0)]), prior=0)
    assert strong / weak == pytest.approx(3)


def test_planted_strengths_are_found_again() -> None:
    planted = np.array([4.0, 2.0, 1.0, 0.5])
    chance = planted[:, None] / (planted[:, None] + planted[None, :])
    # Votes in exactly the planted shares have the planted strengths as their likeliest ones.
    found = bradley_terry(1000 * chance, prior=0)
    planted /= np.exp(np.log(planted).mean())
    assert found == pytest.approx(planted, rel=1e-6)


def test_who_wins_every_vote_stays_finite_and_uncertain() -> None:
    found = ranking(counts(3, [(0, 1, 1.0), (0, 2, 1.0), (1, 2, 0.5)]))
    assert found.shares[0].high <= 1
    assert found.shares[0].low < found.shares[0].share
    assert found.ahead is None


def test_many_clear_votes_put_one_ahead_and_the_same_votes_say_the_same() -> None:
    votes = [(0, 1, 1.0), (0, 2, 1.0), (1, 2, 0.5)] * 12
    found = ranking(counts(3, votes))
    assert found.ahead == 0
    assert found.shares[0].low > 0.5
    assert ranking(counts(3, votes)) == found

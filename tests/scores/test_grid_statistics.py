from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from lib_t2p.scores.verdict.statistics import (
    Picture,
    bootstrap_interval,
    paired_difference,
    seed_means,
)

TRIALS = 200
Distances = dict[Picture, float]


def pictures(values: Sequence[float] | NDArray[np.float64], prompt: int = 0) -> Distances:
    """One picture of each seed."""
    return {Picture(seed, prompt): float(value) for seed, value in enumerate(values)}


def _pairs(rng: np.random.Generator, shift: float, n: int = 8) -> tuple[Distances, Distances]:
    """Two candidates whose distances share what prompt and seed do to them."""
    shared = 0.5 + 0.1 * rng.standard_normal(n)
    first = shared + 0.03 * rng.standard_normal(n)
    second = shared + shift + 0.03 * rng.standard_normal(n)
    return tuple(
        {Picture(k, 0): float(v) for k, v in enumerate(values)} for values in (first, second)
    )


def _seen(shift: float, comparisons: int, n: int = 8) -> int:
    rng = np.random.default_rng(7)
    pairs = (_pairs(rng, shift, n) for _ in range(TRIALS))
    return sum(
        paired_difference(a, b, comparisons=comparisons, resamples=2000).seen for a, b in pairs
    )


def test_equal_candidates_show_no_difference_in_nine_of_ten_trials() -> None:
    assert _seen(0.0, comparisons=1) <= TRIALS * 0.1


def test_more_candidates_make_false_winners_rarer() -> None:
    rng = np.random.default_rng(11)
    false = 0
    for _ in range(TRIALS):
        leader, *others = (_pairs(rng, 0.0, 12)[0] for _ in range(6))
        false += any(
            paired_difference(leader, o, comparisons=5, resamples=2000).seen for o in others
        )
    assert false <= TRIALS * 0.1


def test_a_clear_winner_is_found() -> None:
    assert _seen(0.12, comparisons=3) >= TRIALS * 0.95


def test_pairing_sees_what_the_spread_of_prompts_hides() -> None:
    rng = np.random.default_rng(3)
    first, second = _pairs(rng, 0.1)
    a, b = bootstrap_interval(list(first.values())), bootstrap_interval(list(second.values()))
    assert a.high > b.low
    assert paired_difference(first, second).seen


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    intervals = (bootstrap_interval(list(rng.normal(0.5, 0.1, 8))) for _ in range(600))
    hits = sum(interval.low <= 0.5 <= interval.high for interval in intervals)
    assert 0.92 <= hits / 600 <= 0.97


def test_the_same_seed_gives_the_same_interval() -> None:
    values = [0.3, 0.35, 0.41, 0.32, 0.37, 0.44, 0.29, 0.33]
    assert bootstrap_interval(values, seed=3) == bootstrap_interval(values, seed=3)
    assert bootstrap_interval(values, seed=3) != bootstrap_interval(values, seed=4)


@pytest.mark.parametrize("n", [1, 2])
def test_fewer_than_three_values_have_no_interval(n: int) -> None:
    interval = bootstrap_interval([0.4] * n)
    assert not interval.known
    assert interval.mean == pytest.approx(0.4)


def test_no_value_has_no_mean() -> None:
    with pytest.raises(ValueError, match="at least one"):
        bootstrap_interval([])


def test_five_seeds_never_show_a_difference() -> None:
    first = pictures([0.3] * 5)
    second = pictures([0.6 + k / 100 for k in range(5)])
    assert not paired_difference(first, second).seen


def test_prompts_of_one_seed_are_no_further_evidence() -> None:
    rng = np.random.default_rng(2)
    wrong = 0
    for _ in range(TRIALS):
        of_seed = 0.1 * rng.standard_normal(8)
        first = {**pictures(of_seed), **pictures(of_seed, 1), **pictures(of_seed, 2)}
        second = dict.fromkeys(first, 0.0)
        difference = paired_difference(first, second, resamples=2000)
        assert (difference.pairs, difference.seeds) == (24, 8)
        wrong += difference.seen
    assert wrong <= TRIALS * 0.1


def test_a_seed_with_more_pictures_weighs_no_more() -> None:
    values = {**pictures([0.2, 0.4]), Picture(1, 1): 0.6}
    assert seed_means(values) == pytest.approx({0: 0.2, 1: 0.5})


def test_pictures_that_only_one_has_are_not_compared() -> None:
    first = pictures([0.3] * 10)
    second = {Picture(seed, 0): 0.5 for seed in range(4, 20)}
    difference = paired_difference(first, second)
    assert difference.pairs == 6
    assert difference.mean == pytest.approx(-0.2)
    assert paired_difference(first, {}).pairs == 0

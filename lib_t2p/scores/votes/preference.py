"""How often one is preferred: Wilson's interval for two, the Bradley-Terry model for several.

"Can't tell" counts half to each. Votes are taken as independent of each other: pictures of one
seed share their composition, so that many prompts of few seeds make the intervals a little narrow.
Half votes vary less than whole ones, which makes them a little wide.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
RESAMPLES = 2_000
PRIOR = 0.5
"""Votes added to each pair, half to each side: who won every vote would be infinitely strong."""
ROUNDS = 500
CLOSE = 1e-9
"""Change of a logarithm of the strengths below which they are taken as found."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Preference:
    """How often a candidate is preferred to the others.

    Attributes:
        share: 0 to 1; 0.5 is no preference.
        low: lower end of the interval.
        high: upper end.
    """

    share: float
    low: float
    high: float

    @property
    def seen(self) -> bool:
        """The interval excludes an even split."""
        return not self.low <= 0.5 <= self.high


def wilson(won: float, votes: int, level: float = LEVEL) -> Preference:
    """Share and score interval of E. B. Wilson, "Probable inference" (1927), JASA 22.

    Args:
        won: votes for the first, "can't tell" as half a vote; 0 to `votes`.
        votes: at least one.
        level: of the interval.

    Raises:
        ValueError: there is no vote, or more were won than cast.
    """
    if votes < 1 or not 0 <= won <= votes:
        raise ValueError("a share needs votes, and no more can be won than were cast")
    share = won / votes
    z2 = NormalDist().inv_cdf((1 + level) / 2) ** 2
    middle = (share + z2 / (2 * votes)) / (1 + z2 / votes)
    half = math.sqrt(z2 * (share * (1 - share) / votes + z2 / (4 * votes**2))) / (1 + z2 / votes)
    return Preference(share, max(middle - half, 0.0), min(middle + half, 1.0))


def bradley_terry(won: Matrix, prior: float = PRIOR) -> Matrix:
    """Strengths p, where i is preferred to j with probability p[i] / (p[i] + p[j]).

    By the minorisation of D. R. Hunter, "MM algorithms for generalized Bradley-Terry models"
    (2004), Annals of Statistics 32.

    Args:
        won: (..., k, k); `won[i, j]` votes for i against j, "can't tell" as half to each.
        prior: votes added to each pair, half to each; without any, somebody who won or lost every
            vote has no finite strength.

    Returns:
        (..., k), their geometric mean is 1.
    """
    size = won.shape[-1]
    others = 1.0 - np.eye(size)
    counted = (won + prior / 2) * others
    both = counted + np.swapaxes(counted, -1, -2)
    wins = counted.sum(axis=-1)
    strengths: Matrix = np.ones(wins.shape)
    for _ in range(ROUNDS):
        sums = strengths[..., :, None] + strengths[..., None, :]
        better = wins / (both / sums).sum(axis=-1)
        better /= np.exp(np.log(better).mean(axis=-1, keepdims=True))
        moved = float(np.abs(np.log(better / strengths)).max())
        strengths = better
        if moved < CLOSE:
            break
    return strengths


@dataclass(frozen=True)
class Ranking:
    """Several candidates compared with each other.

    Attributes:
        shares: of each, in the given order: how often it would be preferred to one of the others,
            taken at random.
        ahead: index of the one that is preferred to each other one beyond chance, corrected for
            the number of pairs; None when there is none.
    """

    shares: tuple[Preference, ...]
    ahead: int | None


def ranking(won: Matrix, *, seed: int = 0, level: float = LEVEL) -> Ranking:
    """Shares with intervals of a parametric bootstrap: votes are drawn again from the fitted model.

    Args:
        won: (k, k) as of `bradley_terry`, k at least 2.
        seed: of the drawing.
        level: of each share's interval, and of all differences together.
    """
    strengths = bradley_terry(won)
    drawn = bradley_terry(_drawn(won, strengths, seed))
    shares, spread = _shares(strengths), _shares(drawn)
    tail = (1 - level) / 2
    low, high = np.quantile(spread, [tail, 1 - tail], axis=0)
    found = tuple(
        Preference(float(s), float(min(a, s)), float(max(b, s)))
        for s, a, b in zip(shares, low, high, strict=True)
    )
    return Ranking(found, _ahead(strengths, drawn, tail))


def counts(size: int, votes: Sequence[tuple[int, int, float]]) -> Matrix:
    """The matrix of `bradley_terry` from votes (i, j, share of i: 1, 0.5 or 0)."""
    won: Matrix = np.zeros((size, size))
    for one, other, share in votes:
        won[one, other] += share
        won[other, one] += 1 - share
    return won


def _drawn(won: Matrix, strengths: Matrix, seed: int) -> Matrix:
    votes = np.rint(won + won.T).astype(np.int64)
    chance = strengths[:, None] / (strengths[:, None] + strengths[None, :])
    size = len(strengths)
    rng = np.random.default_rng(seed)
    drawn: Matrix = np.zeros((RESAMPLES, size, size))
    for one in range(size):
        for other in range(one + 1, size):
            wins = rng.binomial(votes[one, other], chance[one, other], RESAMPLES)
            drawn[:, one, other], drawn[:, other, one] = wins, votes[one, other] - wins
    return drawn


def _shares(strengths: Matrix) -> Matrix:
    size = strengths.shape[-1]
    chance = strengths[..., :, None] / (strengths[..., :, None] + strengths[..., None, :])
    shares: Matrix = (chance.sum(axis=-1) - 0.5) / (size - 1)
    return shares


def _ahead(strengths: Matrix, drawn: Matrix, tail: float) -> int | None:
    size = len(strengths)
    first = int(np.argmax(strengths))
    lead = np.log(drawn[:, [first]] / np.delete(drawn, first, axis=1))
    # The first is chosen by the same votes, so that it stands for any of the pairs.
    lowest = np.quantile(lead, tail / math.comb(size, 2), axis=0)
    return first if bool((lowest > 0).all()) else None

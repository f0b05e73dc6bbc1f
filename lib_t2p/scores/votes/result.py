"""What the votes on a grid say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from lib_t2p.grids.cells import Cell
from lib_t2p.scores.verdict.summaries import Candidate
from lib_t2p.scores.votes.ballots import Ballots, Vote
from lib_t2p.scores.votes.pairing import candidate_of, pair_of
from lib_t2p.scores.votes.preference import Preference, Ranking, counts, ranking, wilson

_LEFT_SHARE = {"left": 1.0, "right": 0.0, "neither": 0.5}


@dataclass(frozen=True)
class Standing:
    """How often a candidate is preferred."""

    candidate: Candidate
    preference: Preference


@dataclass(frozen=True)
class VoteResult:
    """The votes among the candidates that are voted on now.

    Attributes:
        votes: counted.
        untold: of these, "can't tell".
        stale: votes that count no more, because their pictures were asked for anew since.
        standings: of the candidates that had votes, the most preferred first; empty without any.
        ahead: preferred to each other one beyond chance; None when there is none.
    """

    votes: int
    untold: int
    stale: int
    standings: tuple[Standing, ...]
    ahead: Candidate | None


def result_of(ballots: Ballots, cells: Iterable[Cell], among: Sequence[Candidate]) -> VoteResult:
    """Count the votes.

    Args:
        ballots: of the grid.
        cells: of the grid, as planned now.
        among: candidates that are compared; votes on others are left out.
    """
    by_id = {cell.id: cell for cell in cells}
    valid = [vote for vote in ballots.votes if _is_valid(vote, by_id, ballots.seed)]
    counted = [
        (candidate_of(by_id[v.left]), candidate_of(by_id[v.right]), _LEFT_SHARE[v.choice])
        for v in valid
        if {candidate_of(by_id[v.left]), candidate_of(by_id[v.right])} <= set(among)
    ]
    voted = [c for c in among if any(c in (left, right) for left, right, _ in counted)]
    standings, ahead = _standings(voted, counted)
    return VoteResult(
        votes=len(counted),
        untold=sum(share == 0.5 for _, _, share in counted),
        stale=len(ballots.votes) - len(valid),
        standings=standings,
        ahead=ahead,
    )


def _is_valid(vote: Vote, by_id: dict[str, Cell], seed: int) -> bool:
    left, right = by_id.get(vote.left), by_id.get(vote.right)
    return left is not None and right is not None and pair_of(left, right, seed).key == vote.pair


def _standings(
    voted: Sequence[Candidate], counted: Sequence[tuple[Candidate, Candidate, float]]
) -> tuple[tuple[Standing, ...], Candidate | None]:
    if len(voted) < 2:
        return (), None
    place = {candidate: n for n, candidate in enumerate(voted)}
    won = counts(len(voted), [(place[one], place[other], share) for one, other, share in counted])
    if len(voted) == 2:
        shares = tuple(wilson(float(w), len(counted)) for w in (won[0, 1], won[1, 0]))
        ahead = next((n for n, s in enumerate(shares) if s.seen and s.share > 0.5), None)
    else:
        ranked = _ranked(tuple(map(tuple, won.tolist())))
        shares, ahead = ranked.shares, ranked.ahead
    order = sorted(range(len(voted)), key=lambda n: -shares[n].share)
    standings = tuple(Standing(voted[n], shares[n]) for n in order)
    return standings, None if ahead is None else voted[ahead]


@lru_cache(maxsize=16)
def _ranked(won: tuple[tuple[float, ...], ...]) -> Ranking:
    """Drawn once: the page asks again with each refresh."""
    return ranking(np.array(won))

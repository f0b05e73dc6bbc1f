"""Votes in sentences, and whether the numbers of likeness say the same."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lib_t2p.grids import GridPlan
from lib_t2p.scores.grid_scores import grid_data
from lib_t2p.scores.verdict.statistics import Difference, paired_difference
from lib_t2p.scores.verdict.summaries import Candidate, Summary
from lib_t2p.scores.verdict.verdict import Verdict
from lib_t2p.scores.verdict.verdict_words import joined
from lib_t2p.scores.votes.ballots import read_ballots
from lib_t2p.scores.votes.preference import Preference
from lib_t2p.scores.votes.result import VoteResult, result_of
from lib_t2p.workspace import GridFolder


@dataclass(frozen=True)
class VotesBeside:
    """What was voted, beside what was measured.

    Attributes:
        sentence: what the votes say.
        beside: whether the numbers of likeness say the same; empty before scores.
        result: the numbers.
    """

    sentence: str
    beside: str
    result: VoteResult

    @property
    def text(self) -> str:
        """Both sentences."""
        return f"{self.sentence} {self.beside}".strip()


def votes_beside(grid: GridFolder, verdict: Verdict | None) -> VotesBeside | None:
    """What is to be told of a grid's votes; None before there are any.

    Args:
        grid: planned.
        verdict: of its scores; None before there are scores.

    Raises:
        InputError, FaultsError, WorkspaceError: a file of the grid is missing or damaged.
    """
    ballots = read_ballots(grid)
    if not ballots.votes:
        return None
    data = grid_data(grid)
    result = result_of(ballots, data.cells, ballots.candidates)
    sentence = vote_sentence(data.plan, result)
    if not sentence:
        return None
    beside = agreement(data.plan, result, verdict) if verdict else ""
    return VotesBeside(sentence, beside, result)


def name_of(plan: GridPlan, candidate: Candidate) -> str:
    """What people read for a candidate."""
    return f"{plan.title_of(candidate.model)} at weight {candidate.weight:g}"


def vote_sentence(plan: GridPlan, result: VoteResult) -> str:
    """What the votes say, with their uncertainty; empty when nothing was compared yet."""
    if not result.standings:
        return ""
    told = _pair(plan, result) if len(result.standings) == 2 else _several(plan, result)
    if result.untold:
        told += f" Of these votes {result.untold} could not tell, which counts half to each."
    if result.stale:
        told += f" {result.stale} older votes are of pictures that were changed since."
    return told


def agreement(plan: GridPlan, result: VoteResult, verdict: Verdict) -> str:
    """Whether likeness says the same of the candidates that were voted on; empty if unknown."""
    numbers = {s.candidate: s for s in verdict.candidates if s.distance is not None}
    voted = [standing.candidate for standing in result.standings]
    if len(voted) < 2 or any(candidate not in numbers for candidate in voted):
        return ""
    nearest = min(voted, key=lambda c: _mean(numbers[c]))
    others = [c for c in voted if c != nearest]
    pairs = math.comb(len(voted), 2)
    apart = {c: _apart(numbers[nearest], numbers[c], pairs) for c in others}
    if result.ahead is None:
        return _undecided(plan, nearest, all(found.seen for found in apart.values()))
    if nearest == result.ahead:
        if all(found.seen for found in apart.values()):
            return "The likeness numbers agree."
        return "The likeness numbers lean the same way, but not beyond chance."
    if apart[result.ahead].seen:
        return (
            f"The likeness numbers disagree: there {name_of(plan, nearest)} is nearer to the "
            "person. Look at both: likeness is not all that an eye sees."
        )
    return "The likeness numbers see no difference between it and the nearest one."


def _undecided(plan: GridPlan, nearest: Candidate, seen: bool) -> str:
    if seen:
        return f"The likeness numbers do see one: {name_of(plan, nearest)} is nearer to the person."
    return "The likeness numbers agree: they see no difference either."


def _pair(plan: GridPlan, result: VoteResult) -> str:
    first = result.standings[0]
    votes = f"In {result.votes} blind vote{'s' if result.votes > 1 else ''}"
    told = f"{votes} {name_of(plan, first.candidate)} was preferred in {_words(first.preference)}"
    other = name_of(plan, result.standings[1].candidate)
    if result.ahead is None:
        return f"{told} against {other}: no difference beyond chance."
    return f"{told} against {other}."


def _several(plan: GridPlan, result: VoteResult) -> str:
    first, *others = result.standings
    rest = joined([f"{name_of(plan, s.candidate)} {_words(s.preference)}" for s in others])
    told = (
        f"In {result.votes} blind votes among {len(result.standings)}, "
        f"{name_of(plan, first.candidate)} would be preferred to another one in "
        f"{_words(first.preference)}, {rest}"
    )
    if result.ahead is None:
        return f"{told}: none is ahead of all others beyond chance."
    return f"{told}."


def _words(preference: Preference) -> str:
    share, low, high = (round(100 * v) for v in (preference.share, preference.low, preference.high))
    return f"{share} % ({low} to {high} %)"


def _mean(summary: Summary) -> float:
    return summary.distance.mean if summary.distance else math.inf


def _apart(first: Summary, second: Summary, pairs: int) -> Difference:
    return paired_difference(first.by_picture, second.by_picture, comparisons=pairs)

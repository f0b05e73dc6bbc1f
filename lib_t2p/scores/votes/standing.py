"""The sentences about votes that stand beside a verdict: never in it."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.scores.grid_scores import grid_data
from lib_t2p.scores.verdict.verdict import Verdict
from lib_t2p.scores.votes.ballots import read_ballots
from lib_t2p.scores.votes.result import VoteResult, result_of
from lib_t2p.scores.votes.wording import agreement, vote_sentence
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

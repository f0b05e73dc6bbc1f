"""`votes.json`: what was asked and answered so far."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal, get_args

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import ODD_PARTS, read_record, write_record
from lib_t2p.scores.verdict.summaries import Candidate
from lib_t2p.workspace import GridFolder

SCHEMA = 1

Choice = Literal["left", "right", "neither"]
"""What was preferred; `neither` for no difference that could be told."""
CHOICES: tuple[Choice, ...] = get_args(Choice)


@dataclass(frozen=True)
class Vote:
    """One answer.

    Attributes:
        pair: key of the pair, as of `pairing`.
        left: id of the cell that was shown on the left.
        right: as `left`.
        choice: which of them was preferred.
    """

    pair: str
    left: str
    right: str
    choice: Choice


@dataclass(frozen=True)
class Ballots:
    """All votes on a grid.

    Attributes:
        candidates: among which votes are cast now; empty until somebody chose or voted.
        votes: oldest first, of other candidates too.
        seed: of order and sides; a reload shows the same.
    """

    candidates: tuple[Candidate, ...] = ()
    votes: tuple[Vote, ...] = ()
    seed: int = 0


def read_ballots(grid: GridFolder) -> Ballots:
    """What is kept of a grid's votes; no votes when there is no file yet.

    Raises:
        WorkspaceError: the file is damaged.
        NewerSchemaError: written by a newer Text to Person.
    """
    if not grid.votes.exists():
        return Ballots()
    record = read_record(grid.votes, SCHEMA)
    try:
        return Ballots(
            candidates=tuple(Candidate(str(m), float(w)) for m, w in record["candidates"]),
            votes=tuple(_vote(entry) for entry in record["votes"]),
            seed=int(record["seed"]),
        )
    except ODD_PARTS as error:
        raise WorkspaceError(f"{grid.votes} is damaged: move it away and vote again.") from error


def write_ballots(grid: GridFolder, ballots: Ballots) -> None:
    """Write `votes.json` whole.

    Raises:
        WorkspaceError: the disk is full or may not be written.
    """
    record = {
        "seed": ballots.seed,
        "candidates": [[c.model, c.weight] for c in ballots.candidates],
        "votes": [asdict(vote) for vote in ballots.votes],
    }
    write_record(grid.votes, SCHEMA, record)


def _vote(entry: dict[str, str]) -> Vote:
    vote = Vote(**entry)  # type: ignore[arg-type]
    if vote.choice not in CHOICES:
        raise ValueError(vote.choice)
    return vote

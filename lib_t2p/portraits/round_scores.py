"""The numbers of a round's pictures on disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.portraits.rule import PictureScore, Yardstick
from lib_t2p.workspace import PortraitsFolder

SCHEMA = 1


@dataclass(frozen=True)
class RoundScores:
    """Numbers of a round.

    Attributes:
        reference: SHA-256 of the photos compared with and of who looked; empty for none.
        yardstick: what the numbers are held against.
        pictures: in painting order.
    """

    reference: str
    yardstick: Yardstick
    pictures: tuple[PictureScore, ...]


def write_round_scores(folder: PortraitsFolder, number: int, scores: RoundScores) -> None:
    """Write the scores of a round whole."""
    write_record(folder.round_scores(number), SCHEMA, asdict(scores))


def read_round_scores(folder: PortraitsFolder, number: int) -> RoundScores | None:
    """Read the scores of a round; None when there are none yet.

    Raises:
        WorkspaceError: damaged.
    """
    path = folder.round_scores(number)
    if not path.exists():
        return None
    record = read_record(path, SCHEMA)
    try:
        return RoundScores(
            str(record["reference"]),
            Yardstick(**record["yardstick"]),
            tuple(PictureScore(**entry) for entry in record["pictures"]),
        )
    except (KeyError, TypeError) as error:
        raise WorkspaceError(f"{path} is damaged: delete it and score again.") from error


def all_scores(folder: PortraitsFolder) -> tuple[Yardstick, Sequence[PictureScore]]:
    """The scores of all rounds, and the newest yardstick."""
    yardstick = Yardstick()
    found: list[PictureScore] = []
    for number in folder.rounds():
        scores = read_round_scores(folder, number)
        if scores:
            yardstick = scores.yardstick
            found += scores.pictures
    return yardstick, found

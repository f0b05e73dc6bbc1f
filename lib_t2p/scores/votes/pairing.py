"""Which pictures are shown side by side, in which order and on which side."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from lib_t2p.grids.cells import Cell, fingerprint
from lib_t2p.scores.verdict.statistics import Picture
from lib_t2p.scores.verdict.summaries import Candidate


@dataclass(frozen=True)
class Pair:
    """Two pictures of the same prompt, seed and way of painting.

    Attributes:
        key: of this pair, telling nothing of who is in it; another one when a picture's request
            has changed since.
        left: cell on the left side.
        right: cell on the right side.
    """

    key: str
    left: Cell
    right: Cell


def candidate_of(cell: Cell) -> Candidate:
    """Whose picture it is."""
    return Candidate(cell.model, cell.weight)


def pairs_of(cells: Iterable[Cell], among: Sequence[Candidate], seed: int) -> list[Pair]:
    """All pairs of these candidates, shuffled by the seed: the same each time, on the same sides.

    A pair keeps its place among the others and its sides when candidates come or go.
    """
    shown: dict[Picture, dict[Candidate, Cell]] = {}
    wanted = set(among)
    for cell in cells:
        if (candidate := candidate_of(cell)) in wanted:
            picture = Picture(cell.seed, cell.prompt, cell.point)
            shown.setdefault(picture, {})[candidate] = cell
    pairs = [
        pair_of(one, other, seed)
        for members in shown.values()
        for one, other in combinations(members.values(), 2)
    ]
    return sorted(pairs, key=lambda pair: pair.key)


def pair_of(one: Cell, other: Cell, seed: int) -> Pair:
    """The pair of two cells, whichever of them is named first."""
    first, second = sorted((one, other), key=lambda cell: cell.id)
    requests = (fingerprint(cell.request) for cell in (first, second))
    parts = (str(seed), first.id, second.id, *requests)
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    # The last digit has no part in the key, whose order is that of the pairs.
    turned = int(digest[-1], 16) % 2 == 1
    left, right = (second, first) if turned else (first, second)
    return Pair(digest[:16], left, right)

"""Blind votes on a grid: what is asked next, an answer, taking one back."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lib_t2p.errors import InputError
from lib_t2p.grids import GridPlan
from lib_t2p.grids.cells import cell_path
from lib_t2p.scores import GridData, contenders, grid_data, known_verdict
from lib_t2p.scores.verdict import Candidate
from lib_t2p.scores.votes import (
    CHOICES,
    Ballots,
    Choice,
    Pair,
    Vote,
    VotesBeside,
    name_of,
    pairs_of,
    read_ballots,
    votes_beside,
    write_ballots,
)
from lib_t2p.workspace import GridFolder, PersonFolder

MOST = 6
"""Candidates voted on at a time; more would take hundreds of votes."""
_WRITING = threading.Lock()


@dataclass(frozen=True)
class Booth:
    """What is asked of a voter.

    Attributes:
        pair: the next one; None when all are answered.
        done: pairs answered among these candidates.
        left: pairs still to be answered, of pictures that are painted.
        offered: label -> candidate, all of the grid.
        chosen: labels of those voted on.
        beside: what the votes say so far; None before there are any.
    """

    pair: Pair | None
    done: int
    left: int
    offered: dict[str, Candidate]
    chosen: tuple[str, ...]
    beside: VotesBeside | None


def booth(person: PersonFolder, grid: GridFolder) -> Booth:
    """What is asked next; the same pair on the same sides until it is answered.

    Raises:
        InputError, FaultsError, WorkspaceError: a file of the grid is missing or damaged.
    """
    data, ballots = grid_data(grid), read_ballots(grid)
    offered = labels_of(data.plan)
    among = _among(person, grid, data, ballots)
    answered = {vote.pair for vote in ballots.votes}
    pairs = [p for p in pairs_of(data.cells, among, ballots.seed) if _is_painted(grid, p)]
    open_pairs = [pair for pair in pairs if pair.key not in answered]
    return Booth(
        pair=open_pairs[0] if open_pairs else None,
        done=len(pairs) - len(open_pairs),
        left=len(open_pairs),
        offered=offered,
        chosen=tuple(label for label, candidate in offered.items() if candidate in among),
        beside=votes_beside(grid, known_verdict(grid, person) if data.scores else None),
    )


def labels_of(plan: GridPlan) -> dict[str, Candidate]:
    """All candidates of a grid by what people read; equal titles get their stems."""
    found: dict[str, Candidate] = {}
    for stem in plan.stems:
        for weight in plan.weights:
            candidate = Candidate(stem, weight)
            label = name_of(plan, candidate)
            found[f"{label} ({stem})" if label in found else label] = candidate
    return found


def choose_candidates(person: PersonFolder, grid: GridFolder, labels: Sequence[str]) -> None:
    """Vote on these from now on; votes that were cast stay.

    Raises:
        InputError: fewer than two, too many, or one that the grid does not have.
    """
    offered = labels_of(grid_data(grid).plan)
    unknown = [label for label in labels if label not in offered]
    if unknown:
        raise InputError(f"Grid {grid.id} has no {unknown[0]!r}: choose from the list.")
    if not 2 <= len(set(labels)) <= MOST:
        raise InputError(f"{len(labels)} chosen to vote on: choose 2 to {MOST}.")
    with _WRITING:
        ballots = read_ballots(grid)
        among = tuple(offered[label] for label in offered if label in labels)
        if among != _among(person, grid, grid_data(grid), ballots):
            write_ballots(grid, replace(ballots, candidates=among))


def cast(person: PersonFolder, grid: GridFolder, pair: str, choice: str) -> None:
    """Keep an answer; one to a pair that is answered already, as by a double click, is dropped.

    Raises:
        InputError: there is no such pair or choice.
    """
    if choice not in CHOICES:
        raise InputError(f"There is no choice {choice!r}: it is one of {', '.join(CHOICES)}.")
    with _WRITING:
        data, ballots = grid_data(grid), read_ballots(grid)
        if any(vote.pair == pair for vote in ballots.votes):
            return
        among = _among(person, grid, data, ballots)
        asked = next((p for p in pairs_of(data.cells, among, ballots.seed) if p.key == pair), None)
        if asked is None or not _is_painted(grid, asked):
            raise InputError("This pair is not asked any more: answer the one that is shown now.")
        vote = Vote(pair, asked.left.id, asked.right.id, _choice(choice))
        write_ballots(grid, replace(ballots, candidates=among, votes=(*ballots.votes, vote)))


def undo(grid: GridFolder) -> None:
    """Take the newest vote back, so that its pair is asked again.

    Raises:
        InputError: there is none.
    """
    with _WRITING:
        ballots = read_ballots(grid)
        if not ballots.votes:
            raise InputError("There is no vote yet: nothing to take back.")
        write_ballots(grid, replace(ballots, votes=ballots.votes[:-1]))


def _choice(choice: str) -> Choice:
    return next(known for known in CHOICES if known == choice)


def _is_painted(grid: GridFolder, pair: Pair) -> bool:
    return all(cell_path(grid, cell).exists() for cell in (pair.left, pair.right))


def _among(
    person: PersonFolder, grid: GridFolder, data: GridData, ballots: Ballots
) -> tuple[Candidate, ...]:
    """Those chosen, as far as the grid still has them; else the nearest to the person."""
    offered = list(labels_of(data.plan).values())
    chosen = tuple(c for c in ballots.candidates if c in offered)
    if len(chosen) >= 2:
        return chosen
    close = _closest(person, grid) if data.scores else []
    # A weight of 1 is what most people try first.
    plain = sorted(offered, key=lambda c: abs(c.weight - 1))
    few = list(dict.fromkeys((*close, *plain)))[: max(2, len(close))]
    return tuple(candidate for candidate in offered if candidate in few)


def _closest(person: PersonFolder, grid: GridFolder) -> list[Candidate]:
    verdict = known_verdict(grid, person)
    measured = [s for s in verdict.candidates if s.distance is not None]
    by_distance = sorted(measured, key=lambda s: s.distance.mean if s.distance else 0.0)
    found = list(contenders(verdict))
    return found if len(found) > 1 else [*found, *(s.candidate for s in by_distance)][:2]

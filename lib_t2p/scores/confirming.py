"""Scoring a winner again on fresh seeds: one that was chosen among many looks better than it is."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from lib_t2p.errors import T2PError
from lib_t2p.grids import GridPlan, mark_notes, read_plan, shown_plan
from lib_t2p.grids.axes import Axis
from lib_t2p.scores.verdict.scores import Scores, read_scores
from lib_t2p.scores.verdict.statistics import MIN_SEEDS
from lib_t2p.scores.verdict.summaries import Candidate
from lib_t2p.scores.verdict.verdict import Verdict, judge
from lib_t2p.scores.verdict.verdict_words import Namer
from lib_t2p.workspace import GridFolder, PersonFolder, load_person

MOST = 4
"""Candidates that are scored again; more ties than this are no contest."""
ENDING = "fresh seeds"
"""Of the name of such a grid."""
SEED_RANGE = 2**32


def contenders(verdict: Verdict) -> tuple[Candidate, ...]:
    """The candidate to take and its nearest ties; empty when none may be taken."""
    if verdict.leader is None:
        return ()
    return (verdict.leader, *verdict.ties)[:MOST]


def confirmation_plan(plan: GridPlan, verdict: Verdict) -> GridPlan | None:
    """The same pictures of the contenders alone, with seeds that no choice was made by.

    None when there is no contender.
    """
    among = contenders(verdict)
    if not among:
        return None
    stems = {candidate.model for candidate in among}
    weights = {candidate.weight for candidate in among}

    def fewer(axis: Axis) -> Axis:
        if axis.kind == "saved_model":
            return replace(axis, values=tuple(v for v in axis.values if v in stems))
        if axis.kind == "lora_weight":
            return replace(axis, values=tuple(v for v in axis.values if v in weights))
        if axis.kind == "seed":
            return replace(axis, values=fresh_seeds(plan))
        return axis

    return replace(
        plan,
        models=tuple(model for model in plan.models if model.stem in stems),
        x=fewer(plan.x),
        y=fewer(plan.y),
        z=fewer(plan.z) if plan.z else None,
        seeds=fresh_seeds(plan),
        base=plan.base if plan.base in stems else "",
    )


def fresh_seeds(plan: GridPlan) -> tuple[int, ...]:
    """As many seeds as the plan has, 6 at least, behind its largest one."""
    count = max(len(plan.seeds), MIN_SEEDS)
    return tuple((max(plan.seeds) + 1 + n) % SEED_RANGE for n in range(count))


def confirmation_grid(person: PersonFolder, grid: GridFolder) -> GridFolder:
    """Where the winner of a grid is scored again."""
    return person.grid_of(grid.id, ENDING)


def final_verdict(grid: GridFolder, person: PersonFolder) -> Verdict:
    """The verdict of a scored grid, and of its fresh seeds when these are scored too.

    Raises:
        InputError, FaultsError, WorkspaceError: a file of the grid is missing or damaged.
    """
    plan, name = read_plan(grid), load_person(person).name
    first = judge(shown_plan(plan, grid), read_scores(grid), name=name)
    first = replace(first, notes=(*first.notes, *mark_notes(plan, grid)))
    again = confirmation_grid(person, grid)
    if not again.scores.exists():
        return first
    try:
        fresh_plan, scores = read_plan(again), read_scores(again)
    except T2PError:
        # A damaged second grid takes nothing from the first one.
        return first
    return confirmed(plan, first, fresh_plan, scores, name=name)


def known_verdict(grid: GridFolder, person: PersonFolder) -> Verdict:
    """As `final_verdict`, judged again only when scores changed: a page asks every second.

    Raises:
        InputError, FaultsError, WorkspaceError: a file of the grid is missing or damaged.
    """
    places = (grid.scores, confirmation_grid(person, grid).scores)
    return _known(grid, person, *(p.stat().st_mtime_ns if p.exists() else 0 for p in places))


@lru_cache(maxsize=16)
def _known(grid: GridFolder, person: PersonFolder, *_: int) -> Verdict:
    return final_verdict(grid, person)


def confirmed(
    plan: GridPlan, first: Verdict, fresh_plan: GridPlan, scores: Scores, *, name: str = ""
) -> Verdict:
    """The verdict that fresh seeds allow.

    Args:
        plan: of the first grid.
        first: its verdict.
        fresh_plan: of the second grid, from `confirmation_plan`.
        scores: of the second grid.
        name: as of `judge`.

    Returns:
        `first` itself when the second grid is not whole or belongs to other contenders, as after
        values were added to the first one.
    """
    whole = len(scores.cells) and {c.seed for c in scores.cells} == set(fresh_plan.seeds)
    if not whole or fresh_plan != confirmation_plan(plan, first) or first.leader is None:
        return first
    fresh = judge(fresh_plan, scores, name=name, among=contenders(first))
    pictures = f"{len(fresh_plan.seeds)} fresh seeds"
    if fresh.leader is None:
        note = f"It could not be confirmed on {pictures}: {fresh.sentence}"
        return replace(first, best=None, notes=(*first.notes, note))
    names = Namer(plan, name or plan.person)
    before = next(s for s in first.candidates if s.candidate == fresh.leader)
    distance = f"{before.distance.mean:.2f}" if before.distance else "unknown"
    told = f"These are the numbers of {pictures}; its distance was {distance} on the first ones."
    if fresh.leader != first.leader:
        ahead = next(s for s in first.candidates if s.candidate == first.leader)
        told += f" There {names.of(ahead)} had come first."
    return replace(
        first,
        sentence=f"{fresh.sentence} {told}",
        best=fresh.best,
        leader=fresh.leader,
        ties=fresh.ties,
        gained=fresh.gained,
        memorisation=fresh.memorisation,
        notes=(*first.notes, *(f"On fresh seeds: {note}" for note in fresh.notes)),
        fresh=fresh.candidates,
    )

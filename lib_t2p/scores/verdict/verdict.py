"""Which saved model at which weight, and how sure. The rule is written down in docs/VERDICT.md."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lib_t2p.errors import T2PError
from lib_t2p.grids import GridPlan, read_plan
from lib_t2p.scores.verdict.scores import Scores, read_scores
from lib_t2p.scores.verdict.statistics import paired_difference
from lib_t2p.scores.verdict.summaries import Candidate, Summary, band_limit, barred, summarise
from lib_t2p.scores.verdict.verdict_words import (
    Namer,
    VerdictFinding,
    memorisation,
    notes,
    sentence,
)
from lib_t2p.workspace import GridFolder, PersonFolder


def ranked_models(grid: GridFolder) -> list[str]:
    """Stems of a judged grid, nearest to the person first, each at its best weight.

    Models without enough faces come last. Empty before the report, which holds the verdict.
    """
    if not grid.report.exists() or not grid.scores.exists():
        return []
    try:
        _, candidates = summarise(read_plan(grid), read_scores(grid))
    except T2PError:
        # A damaged grid keeps every model.
        return []
    best: dict[str, float] = {}
    for one in candidates:
        enough = one.distance is not None and one.enough_faces
        mean = one.distance.mean if enough and one.distance else float("inf")
        stem = one.candidate.model
        best[stem] = min(mean, best.get(stem, float("inf")))
    return sorted((stem for stem in best if stem), key=lambda stem: best[stem])


def judged_models(person: PersonFolder) -> list[list[str]]:
    """For each judged grid of a person its models, nearest first."""
    return [ranking for grid in person.grids() if (ranking := ranked_models(grid))]


Point = tuple[float, ...]
"""One number for each measure; lower is better in all of them."""


def front(points: Sequence[Point]) -> list[int]:
    """Indices of the points that no other point beats: as good in all and better in one."""
    return [
        n
        for n, point in enumerate(points)
        if not any(_beats(other, point) for other in points if other != point)
    ]


def knee(points: Sequence[Point]) -> int:
    """Index of the point of the front that is nearest to the best of every measure.

    Each measure is scaled to 0 (best of the front) to 1 (worst of the front), and the Euclidean
    distance to the ideal point counts (compromise programming: M. Zeleny, "Multiple Criteria
    Decision Making", 1982). The first of equals wins.

    Raises:
        ValueError: there is no point.
    """
    if not points:
        raise ValueError("a front needs at least one point")
    at = front(points)
    low = [min(points[n][m] for n in at) for m in range(len(points[0]))]
    high = [max(points[n][m] for n in at) for m in range(len(points[0]))]

    def from_ideal(n: int) -> float:
        parts = zip(points[n], low, high, strict=True)
        return sum(((v - best) / (worst - best)) ** 2 for v, best, worst in parts if worst > best)

    return min(at, key=from_ideal)


def _beats(first: Point, second: Point) -> bool:
    return all(a <= b for a, b in zip(first, second, strict=True)) and first != second


@dataclass(frozen=True)
class Verdict:
    """What the numbers allow to say.

    Attributes:
        sentence: the answer for a person, with its uncertainty.
        best: the candidate that is better than each other one beyond chance; None when there is
            no such candidate.
        leader: the candidate to take; None when none may be.
        ties: candidates whose likeness cannot be told apart from the leader's.
        gained: the leader is closer than no LoRA beyond chance; None when too few seeds allow a
            comparison.
        reference: numbers without LoRA.
        candidates: numbers of all candidates in the plan's order.
        memorisation: a sentence: what was judged, or why not.
        notes: further sentences that belong to the verdict.
        barred: candidates that may not be the best, each with its reason.
        band: distance up to which a candidate is as near as real photos are; None when unknown.
        fresh: numbers of the contenders on fresh seeds; empty before they are scored again.
    """

    sentence: str
    best: Candidate | None
    leader: Candidate | None
    ties: tuple[Candidate, ...]
    gained: bool | None
    reference: Summary
    candidates: tuple[Summary, ...]
    memorisation: str
    notes: tuple[str, ...]
    barred: tuple[tuple[Candidate, str], ...] = ()
    band: float | None = None
    fresh: tuple[Summary, ...] = ()


def judge(
    plan: GridPlan, scores: Scores, *, name: str = "", among: Collection[Candidate] | None = None
) -> Verdict:
    """Judge a scored grid.

    Args:
        plan: of the grid.
        scores: of its cells.
        name: what to call the person; the plan's folder name when empty.
        among: candidates that are looked at; None for all of the plan.
    """
    reference, found = summarise(plan, scores)
    candidates = [s for s in found if among is None or s.candidate in among]
    left_out = barred(candidates, reference)
    out = [summary.candidate for summary, _ in left_out]
    usable = [s for s in candidates if s.candidate not in out]
    band = band_limit(scores.real)
    leader, ties = _choose(usable, band)
    finding = VerdictFinding(
        reference, tuple(candidates), leader, tuple(ties), _gained(leader, reference),
        tuple(left_out), band,
    )  # fmt: skip
    names = Namer(plan, name or plan.person)
    return Verdict(
        sentence=sentence(names, finding),
        best=leader.candidate if leader and finding.sure else None,
        leader=leader.candidate if leader else None,
        ties=tuple(s.candidate for s in ties),
        gained=finding.gained,
        reference=reference,
        candidates=tuple(candidates),
        memorisation=memorisation(names, scores.real, finding),
        notes=tuple(notes(names, plan, scores.real, finding)),
        barred=tuple((s.candidate, reason) for s, reason in left_out),
        band=band,
    )


def _choose(usable: Sequence[Summary], band: float | None) -> tuple[Summary | None, list[Summary]]:
    """The candidate to take, and those whose likeness is as good, the nearest first."""
    if not usable:
        return None, []
    leader, *others = sorted(usable, key=_mean)
    # The leader is chosen by the same pictures, so that it stands for any of the pairs.
    pairs = math.comb(len(usable), 2)
    ties = [s for s in others if not _is_nearer(leader, s, pairs)]
    inside = [s for s in (leader, *others) if band is not None and _mean(s) <= band]
    as_good = [leader, *(s for s in others if s in ties or s in inside)]
    if inside:
        # Nearer than real photos are to each other is no better: variety decides among these.
        points = _points(inside)
        leader = inside[knee(points)] if points else leader
    return leader, [s for s in as_good if s is not leader]


def _is_nearer(first: Summary, second: Summary, comparisons: int) -> bool:
    return paired_difference(first.by_picture, second.by_picture, comparisons=comparisons).seen


def _points(summaries: Sequence[Summary]) -> list[Point]:
    """Likeness with training photos and repeats, as far as known of all; empty when of neither."""
    measures = ([s.copied for s in summaries], [s.repeats for s in summaries])
    columns = [[v for v in values if v is not None] for values in measures]
    return list(zip(*(c for c in columns if len(c) == len(summaries)), strict=True))


def _mean(summary: Summary) -> float:
    return summary.distance.mean if summary.distance else float("inf")


def _gained(leader: Summary | None, reference: Summary) -> bool | None:
    if leader is None:
        return None
    difference = paired_difference(leader.by_picture, reference.by_picture)
    return difference.seen and difference.mean < 0 if difference.enough else None

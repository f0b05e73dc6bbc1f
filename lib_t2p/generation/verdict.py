"""Which saved model at which weight, and how sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lib_t2p.generation.plan import GridPlan
from lib_t2p.generation.scores import RealPhotos, Scores
from lib_t2p.generation.statistics import MIN_PAIRS, Interval, paired_difference
from lib_t2p.generation.summaries import MIN_FACES, Candidate, Summary, copy_limit, summarise
from lib_t2p.generation.wording import distance_words, joined

NAMED = 3
"""More ties than this are counted, not named."""


@dataclass(frozen=True)
class Verdict:
    """What the numbers allow to say.

    Attributes:
        sentence: the answer for a person, with its uncertainty.
        best: the candidate that is closer than each other one beyond chance; None when there is
            no such candidate.
        leader: the candidate with the lowest mean distance among those with enough faces.
        ties: candidates that cannot be told apart from the leader.
        gained: the leader is closer than no LoRA beyond chance; None when too few pictures allow
            a comparison.
        reference: numbers without LoRA.
        candidates: numbers of all candidates in the plan's order.
        memorisation: a sentence: what was judged, or why not.
        notes: further sentences that belong to the verdict.
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


def judge(plan: GridPlan, scores: Scores, *, name: str = "") -> Verdict:
    """Judge a scored grid.

    Differences are taken between pictures of the same prompt and seed; their intervals are
    corrected for the number of candidates that the leader is compared with. A candidate with a
    face in fewer than 80 % of its pictures is never the leader.

    Args:
        plan: of the grid.
        scores: of its cells.
        name: what to call the person; the plan's folder name when empty.
    """
    reference, candidates = summarise(plan, scores)
    usable = [s for s in candidates if s.enough_faces]
    leader = min(usable, key=_mean, default=None)
    ties = _ties(leader, usable)
    gained = _gained(leader, reference)
    names = _Names(plan, name or plan.person)
    return Verdict(
        sentence=_sentence(names, leader, ties, gained, reference, candidates),
        best=leader.candidate if leader and _is_sure(leader, ties, gained) else None,
        leader=leader.candidate if leader else None,
        ties=tuple(s.candidate for s in ties),
        gained=gained,
        reference=reference,
        candidates=tuple(candidates),
        memorisation=_memorisation(scores.real, leader),
        notes=tuple(_notes(names, scores.real, reference, candidates)),
    )


@dataclass(frozen=True)
class _Names:
    plan: GridPlan
    person: str

    def of(self, summary: Summary) -> str:
        candidate = summary.candidate
        return f"{self.plan.title_of(candidate.model)} at weight {candidate.weight:g}"

    def of_all(self, summaries: Sequence[Summary]) -> str:
        names = [self.of(s) for s in summaries[:NAMED]]
        more = len(summaries) - len(names)
        return joined([*names, f"{more} more"] if more else names)


def _mean(summary: Summary) -> float:
    return summary.distance.mean if summary.distance else float("inf")


def _ties(leader: Summary | None, usable: Sequence[Summary]) -> list[Summary]:
    if leader is None:
        return []
    others = sorted((s for s in usable if s is not leader), key=_mean)
    return [
        other
        for other in others
        if not paired_difference(leader.by_picture, other.by_picture, comparisons=len(others)).seen
    ]


def _gained(leader: Summary | None, reference: Summary) -> bool | None:
    if leader is None:
        return None
    difference = paired_difference(leader.by_picture, reference.by_picture)
    if difference.pairs < MIN_PAIRS:
        return None
    return difference.seen and difference.mean < 0


def _is_sure(leader: Summary, ties: Sequence[Summary], gained: bool | None) -> bool:
    # Without faces in the no-LoRA column there is nothing to gain over, yet still a best one.
    return not ties and gained is not False and leader.found >= MIN_PAIRS


def _sentence(
    names: _Names,
    leader: Summary | None,
    ties: Sequence[Summary],
    gained: bool | None,
    reference: Summary,
    candidates: Sequence[Summary],
) -> str:
    if leader is None:
        most = max((s.found / s.pictures for s in candidates if s.pictures), default=0.0)
        return (
            f"No saved model can be recommended: a face was found in at most {most:.0%} of the "
            f"pictures of each, and {MIN_FACES:.0%} are needed."
        )
    verb = "looks most like" if _is_sure(leader, ties, gained) else "comes closest to"
    without = _without(reference.distance)
    text = (
        f"{names.of(leader)} {verb} {names.person} ({distance_words(leader.distance)}, lower is "
        f"closer; {without})"
    )
    if ties:
        text += f", but cannot be told apart from {names.of_all(ties)} on {leader.found} pictures"
    return text + _gain_words(gained, reference) + "."


def _without(interval: Interval | None) -> str:
    if interval is None:
        return "no face was found without LoRA"
    return f"without LoRA {interval.mean:.2f}"


def _gain_words(gained: bool | None, reference: Summary) -> str:
    if gained is None and not reference.found:
        return ""
    if gained is None:
        return "; too few pictures allow a comparison with no LoRA"
    return "" if gained else "; no difference from no LoRA was seen"


def _memorisation(real: RealPhotos, leader: Summary | None) -> str:
    if real.heldout_are_variants:
        return "Memorisation was not judged: the held-out photos are variants of training photos."
    limit = copy_limit(real)
    if limit is None or leader is None or leader.memorised is None:
        return "Memorisation was not judged: there are too few photos or faces."
    if not leader.memorised:
        return (
            "No sign of memorisation: none of its faces is nearer to a training photo than real "
            f"photos are to each other (distance {limit:.2f})."
        )
    return (
        f"Memorisation: {leader.memorised} of {leader.found} faces are nearer to a training photo "
        f"than real photos are to each other (distance {limit:.2f}); take a lower weight or an "
        "earlier epoch."
    )


def _notes(
    names: _Names, real: RealPhotos, reference: Summary, candidates: Sequence[Summary]
) -> list[str]:
    notes = []
    faceless = [s for s in candidates if not s.enough_faces]
    if faceless and len(faceless) < len(candidates):
        notes.append(
            f"Left out because faces were found in fewer than {MIN_FACES:.0%} of the pictures: "
            f"{names.of_all(faceless)}."
        )
    if 0 < reference.found < reference.pictures:
        notes.append(
            f"Without LoRA a face was found in {reference.found} of {reference.pictures} pictures; "
            "only those are compared."
        )
    if real.without_face:
        notes.append(f"In {real.without_face} photos of the dataset no face was found.")
    return notes

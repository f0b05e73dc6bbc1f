"""A verdict in sentences, its numbers and lists as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lib_t2p.grids import GridPlan
from lib_t2p.plurals import counted
from lib_t2p.scores.verdict.scores import RealPhotos
from lib_t2p.scores.verdict.statistics import MIN_SEEDS, MIN_VALUES, Interval
from lib_t2p.scores.verdict.summaries import MIN_FACES, Summary, copy_limit, is_copying


def joined(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def distance_words(interval: Interval | None) -> str:
    """A distance with its interval in a sentence."""
    if interval is None:
        return "no face found"
    if not interval.known:
        return f"distance {interval.mean:.2f}, too few seeds for an interval"
    level = f"{interval.level * 100:g} % interval"
    return f"distance {interval.mean:.2f}, {level} {interval.low:.2f}\u2013{interval.high:.2f}"


def distance_numbers(interval: Interval | None) -> str:
    """A distance with its interval in a table."""
    if interval is None:
        return "\u2013"
    if not interval.known:
        return f"{interval.mean:.2f} (too few)"
    return f"{interval.mean:.2f} ({interval.low:.2f}\u2013{interval.high:.2f})"


NAMED = 3
"""More ties than this are counted, not named."""


@dataclass(frozen=True)
class VerdictFinding:
    """What was found, before it is put into words.

    Attributes:
        reference: numbers without LoRA.
        candidates: all of them, in the plan's order.
        leader: the one to take, or None.
        ties: as near as the leader.
        gained: as of `Verdict`.
        barred: candidates that may not be the best, with the reasons.
        band: as of `Verdict`.
    """

    reference: Summary
    candidates: tuple[Summary, ...]
    leader: Summary | None
    ties: tuple[Summary, ...]
    gained: bool | None
    barred: tuple[tuple[Summary, str], ...]
    band: float | None

    @property
    def sure(self) -> bool:
        """The leader is better than all others beyond chance."""
        if self.leader is None or self.ties or self.leader.seeds < MIN_SEEDS:
            return False
        # Without faces in the no-LoRA column there is nothing to gain over, yet still a best one.
        return self.gained is not False


@dataclass(frozen=True)
class Namer:
    """What candidates and person are called.

    Attributes:
        plan: gives the models' titles.
        person: their name.
    """

    plan: GridPlan
    person: str

    def of(self, summary: Summary) -> str:
        """One candidate."""
        candidate = summary.candidate
        return f"{self.plan.title_of(candidate.model)} at weight {candidate.weight:g}"

    def of_all(self, summaries: Sequence[Summary]) -> str:
        """Several of them; many are counted."""
        names = [self.of(s) for s in summaries[:NAMED]]
        more = len(summaries) - len(names)
        return joined([*names, f"{more} more"] if more else names)


def sentence(names: Namer, found: VerdictFinding) -> str:
    """The answer."""
    leader = found.leader
    if leader is None:
        return _nobody(names, found)
    verb = "looks most like" if found.sure else "comes closest to"
    text = (
        f"{names.of(leader)} {verb} {names.person} ({distance_words(leader.distance)}, lower is "
        f"closer; {_without(found.reference.distance)})"
    )
    if found.ties:
        text += (
            f", but cannot be told apart from {names.of_all(found.ties)} on {leader.found} "
            f"pictures of {_seeds(leader.seeds)}"
        )
    return text + _gain_words(found) + "."


def memorisation(names: Namer, real: RealPhotos, found: VerdictFinding) -> str:
    """What can be said of learning photos by heart."""
    copying = [s for s, _ in found.barred if is_copying(s, found.reference)]
    barred = [f"Left out for memorisation: {names.of_all(copying)}."] if copying else []
    if found.leader is None and barred:
        return barred[0]
    told = [_memorised_faces(real, found.leader), *_same_pictures(found.leader), *barred]
    return " ".join(told)


def notes(names: Namer, plan: GridPlan, real: RealPhotos, found: VerdictFinding) -> list[str]:
    """What else belongs to the verdict."""
    told = [*_faceless(names, found), *_copying(names, found)]
    reference = found.reference
    if _inside(found):
        told.append(
            f"It is as near to {names.person} as real photos are (distance up to {found.band:.2f})."
        )
    if len(plan.seeds) < MIN_VALUES:
        told.append(
            f"{_seeds(len(plan.seeds)).capitalize()} cannot show how much is chance, so there is "
            f"no interval: draw at least {MIN_SEEDS} seeds."
        )
    if 0 < reference.found < reference.pictures:
        told.append(
            f"Without LoRA a face was found in {reference.found} of {reference.pictures} pictures; "
            "only those are compared."
        )
    if real.without_face:
        told.append(f"In {counted(real.without_face, 'photo')} of the dataset no face was found.")
    return told


def _nobody(names: Namer, found: VerdictFinding) -> str:
    copying = [s for s, _ in found.barred if is_copying(s, found.reference)]
    if any(s.enough_faces for s in found.candidates):
        return (
            f"No saved model can be recommended: {names.of_all(copying)} repeat photos instead of "
            "knowing the person; take an earlier epoch, a lower weight or more photos."
        )
    most = max((s.found / s.pictures for s in found.candidates if s.pictures), default=0.0)
    return (
        f"No saved model can be recommended: a face was found in at most {most:.0%} of the "
        f"pictures of each, and {MIN_FACES:.0%} are needed."
    )


def _without(interval: Interval | None) -> str:
    if interval is None:
        return "no face was found without LoRA"
    return f"without LoRA {interval.mean:.2f}"


def _gain_words(found: VerdictFinding) -> str:
    if found.gained is None and not found.reference.found:
        return ""
    if found.gained is None:
        return f"; too few seeds to compare with no LoRA ({MIN_SEEDS} with a face are needed)"
    return "" if found.gained else "; no difference from no LoRA was seen"


def _memorised_faces(real: RealPhotos, leader: Summary | None) -> str:
    if real.heldout_are_variants:
        return (
            "Memorisation was not judged by the faces: the held-out photos are variants of "
            "training photos."
        )
    limit = copy_limit(real)
    if limit is None or leader is None or leader.memorised is None:
        return "Memorisation was not judged by the faces: there are too few photos or faces."
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


def _same_pictures(leader: Summary | None) -> list[str]:
    if leader is None:
        return []
    told = []
    if leader.copies is not None:
        told.append(f"{leader.copies:.0%} of its pictures show a training photo again")
    if leader.repeats is not None:
        told.append(f"{leader.repeats:.0%} of the pairs of seeds show the same picture")
    return [f"{joined(told)}."] if told else []


def _faceless(names: Namer, found: VerdictFinding) -> list[str]:
    faceless = [s for s, _ in found.barred if not s.enough_faces]
    if not faceless or len(faceless) == len(found.candidates):
        return []
    return [
        f"Left out because faces were found in fewer than {MIN_FACES:.0%} of the pictures: "
        f"{names.of_all(faceless)}."
    ]


def _copying(names: Namer, found: VerdictFinding) -> list[str]:
    told = [(s, reason) for s, reason in found.barred if s.enough_faces]
    return [f"{names.of(s)} is left out: {reason}." for s, reason in told]


def _inside(found: VerdictFinding) -> bool:
    leader = found.leader
    if leader is None or leader.distance is None or found.band is None:
        return False
    return leader.distance.mean <= found.band


def _seeds(count: int) -> str:
    return counted(count, "seed")

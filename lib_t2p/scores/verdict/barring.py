"""Why a candidate cannot be the best, however near it comes to the person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lib_t2p.scores.verdict.summaries import MIN_FACES, Summary

MOST_COPIES = 0.5
"""Share of a candidate's pictures from which it repeats photos instead of knowing the person."""
MOST_REPEATS = 0.2
"""Share of the pairs of its seeds that show the same picture, likewise: between 0.07, the most of
any planted model that knows a person, and 0.43, the least of the copying one at full weight
(tuning seeds of `benchmarks.verdict`). Of k photos learnt by heart 1 / k of the pairs show one."""
FULL_WEIGHT = 1.0
"""What a model repeats up to this weight it has learnt by heart; above it much is distorted."""


def barred(candidates: Sequence[Summary], reference: Summary) -> list[tuple[Summary, str]]:
    """The candidates that may never be the best, each with a reason.

    A model that repeats photos at its full weight or less is left out at every weight: what it
    learnt by heart comes through more faintly there, but it does.

    Args:
        candidates: all of them.
        reference: the same pictures without LoRA. Pictures that are alike without LoRA too, such as
            those of one start picture or one pose, say nothing against a model.
    """
    found = [(summary, _why_not(summary, reference)) for summary in candidates]
    parrots = {
        summary.candidate.model: summary.candidate.weight
        for summary in candidates
        if summary.candidate.weight <= FULL_WEIGHT and is_copying(summary, reference)
    }
    return [
        (summary, reason or f"it repeats photos at weight {parrots[summary.candidate.model]:g}")
        for summary, reason in found
        if reason or summary.candidate.model in parrots
    ]


def is_copying(summary: Summary, reference: Summary) -> bool:
    """The candidate repeats photos instead of knowing the person."""
    return any(_copying(summary, reference))


def _copying(summary: Summary, reference: Summary) -> Iterator[str]:
    if summary.memorised is not None and summary.memorised > MOST_COPIES * summary.found:
        yield (
            f"{summary.memorised} of {summary.found} of its faces are nearer to a training photo "
            "than real photos are to each other"
        )
    if _many(summary.copies, reference.copies, MOST_COPIES):
        yield f"{summary.copies:.0%} of its pictures show a training photo again"
    if _many(summary.repeats, reference.repeats, MOST_REPEATS):
        yield f"{summary.repeats:.0%} of the pairs of its seeds show the same picture"


def _many(share: float | None, without: float | None, limit: float) -> bool:
    return share is not None and share >= limit and (without or 0.0) < limit


def _why_not(summary: Summary, reference: Summary) -> str | None:
    if not summary.enough_faces:
        return f"a face was found in fewer than {MIN_FACES:.0%} of its pictures"
    return next(_copying(summary, reference), None)

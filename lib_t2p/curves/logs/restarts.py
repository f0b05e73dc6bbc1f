"""Several trainings in one folder of logs, or in one file: told apart by steps that start over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lib_t2p.curves.curve import EPOCH_TAGS
from lib_t2p.curves.scalars import Scalar

_PER_STEP = ("loss/current", "loss/average")


def trainings_of(scalars: Sequence[Scalar]) -> list[list[Scalar]]:
    """Part numbers where a training begins at its first step again.

    A resumed training goes back to its last saved state and stays one.

    Args:
        scalars: in the order of writing.
    """
    clock = _clock(scalars)
    first = next((s.step for s in scalars if s.tag == clock), 0)
    starts, latest = [0], first
    for at, scalar in enumerate(scalars):
        if scalar.tag != clock:
            continue
        if scalar.step <= first < latest:
            starts.append(_begin(scalars, at, starts[-1]))
        latest = scalar.step
    ends = [*starts[1:], len(scalars)]
    return [list(scalars[begin:end]) for begin, end in zip(starts, ends, strict=True)]


def _clock(scalars: Sequence[Scalar]) -> str:
    """The tag whose steps are counted: one of each step, as an epoch's begin at 1 too."""
    counts = Counter(s.tag for s in scalars if s.tag not in EPOCH_TAGS)
    known = next((tag for tag in _PER_STEP if tag in counts), "")
    return known or max(counts, key=lambda tag: counts[tag], default="")


def _begin(scalars: Sequence[Scalar], at: int, least: int) -> int:
    """Where the numbers of that first step begin, which may stand before its loss."""
    step, seen = scalars[at].step, {scalars[at].tag}
    while at - 1 > least:
        before = scalars[at - 1]
        if before.step != step or before.tag in (*EPOCH_TAGS, *seen):
            break
        seen.add(before.tag)
        at -= 1
    return at

"""Numbers and lists as people read them."""

from __future__ import annotations

from collections.abc import Sequence

from lib_t2p.scores.verdict.statistics import Interval


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

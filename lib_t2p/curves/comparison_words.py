"""Comparisons in words."""

from __future__ import annotations

from collections.abc import Sequence

from lib_t2p.curves.paired_steps import Paired


def listed(names: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def factor(pair: Paired) -> str:
    """Ratio and interval, the larger run by the smaller, such as `1.047 (1.045 to 1.049)`."""
    ratio, low, high = pair.ratio, pair.low, pair.high
    if ratio < 1:
        ratio, low, high = 1 / ratio, 1 / high, 1 / low
    return f"{ratio:.3f} ({low:.3f} to {high:.3f})"


def per_cent(pair: Paired) -> str:
    """How far losses lie above (+) or below those of another run: `-1.5 % (-1.7 to -1.3)`."""
    value, low, high = (100 * (x - 1) for x in (pair.ratio, pair.low, pair.high))
    digits = 1 if abs(value) >= 1 else 2
    return f"{value:+.{digits}f} % ({low:+.{digits}f} to {high:+.{digits}f})"

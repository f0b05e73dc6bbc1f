"""The knee of a Pareto front: the best compromise between measures that cannot be exchanged."""

from __future__ import annotations

from collections.abc import Sequence

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

"""A letter for how good a photo is."""

from __future__ import annotations

from typing import Literal

Grade = Literal["A", "B", "C", "D"]

GRADES: tuple[tuple[float, Grade], ...] = ((75.0, "A"), (50.0, "B"), (25.0, "C"), (0.0, "D"))


def grade_of(score: float) -> Grade:
    """A letter for a score of 0 to 100."""
    return next(grade for least, grade in GRADES if score >= least)

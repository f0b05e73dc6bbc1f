"""Sorting and filtering the pictures of a grid by their scores."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lib_t2p.grids.cells import Cell, caption_of
from lib_t2p.reports.picture.heat import Heat
from lib_t2p.scores.verdict import CellScore, Scores, photo_limit

AS_AXES = "As the axes"
EVERYTHING = "All pictures"
ORDERS: Mapping[str, Callable[[CellScore], float | None]] = {
    "Nearest first": lambda score: score.distance,
    "Farthest first": lambda score: None if score.distance is None else -score.distance,
    "Sharpest first": lambda score: None if score.sharpness is None else -score.sharpness,
    "Most like a training photo first": lambda score: _minus(score.copied),
    "Most burnt first": lambda score: _minus(score.burnt),
}
"""What people read -> the number that is sorted by, lowest first; None comes last."""
FILTERS = (
    "Nearest (green)",
    "Same person (green to yellow)",
    "Somebody else (orange to red)",
    "No face (grey)",
    "Shows a training photo again",
)


@dataclass(frozen=True)
class CellChoice:
    """What is shown and in which order.

    Attributes:
        order: `AS_AXES` or one of `ORDERS`.
        only: `EVERYTHING` or one of `FILTERS`.
        words: phrases by comma; pictures whose caption holds each of them; all when empty.
    """

    order: str = AS_AXES
    only: str = EVERYTHING
    words: str = ""

    @property
    def is_plain(self) -> bool:
        """Everything as the axes have it."""
        return self.order not in ORDERS and self.only not in FILTERS and not self.words.strip(" ,")


def chosen_cells(cells: Sequence[Cell], scores: Scores | None, choice: CellChoice) -> list[Cell]:
    """The pictures that a choice lets through, in its order.

    Args:
        cells: of the grid, in painting order.
        scores: None before scoring: orders and filters by scores then do nothing.
        choice: what was asked for.
    """
    phrases = [_pattern(part) for part in choice.words.split(",") if part.strip()]
    found = [c for c in cells if all(phrase.search(caption_of(c)) for phrase in phrases)]
    if scores is None:
        return found
    by_id = {score.id: score for score in scores.cells}
    passes = _filter(scores, choice.only)
    found = [c for c in found if passes(by_id.get(c.id))]
    number = ORDERS.get(choice.order)
    return found if number is None else sorted(found, key=lambda c: _key(by_id.get(c.id), number))


def _pattern(phrase: str) -> re.Pattern[str]:
    """Finds the phrase in any case; `seed 2` is not found in `seed 23`."""
    phrase = phrase.strip()
    end = r"(?![\d.])" if phrase[-1].isdigit() else ""
    return re.compile(re.escape(phrase) + end, re.IGNORECASE)


def _key(
    score: CellScore | None, number: Callable[[CellScore], float | None]
) -> tuple[bool, float]:
    value = None if score is None else number(score)
    return value is None, value or 0.0


def _filter(scores: Scores, only: str) -> Callable[[CellScore | None], bool]:
    if only not in FILTERS:
        return lambda _: True
    heat, limit = Heat(scores), photo_limit(scores.real)

    def passes(score: CellScore | None) -> bool:
        if score is None:
            return False
        if only == FILTERS[4]:
            return score.copied is not None and score.copied >= limit
        step = heat.step(score)
        return step <= 1 if only == FILTERS[1] else step == FILTERS.index(only)

    return passes


def _minus(value: float | None) -> float | None:
    return None if value is None else -value

"""The colour of a picture's likeness, and the same in words for those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence

from lib_t2p.scores.verdict import CellScore, Scores, band_limit

NEAR_SHARE = 0.75
"""Of the embedder's limit: what counts as near where too few real photos say it."""
FAR_SHARE = 1.5
"""Of the embedder's limit, from which the colour is full red."""
WORDS: Sequence[str] = (
    "as near as real photos",
    "usually the same person",
    "usually somebody else",
    "no face",
)
"""From green to red, and grey."""
UNKNOWN_BAND = "well within the same person"
"""In place of the first one, where too few real photos were compared."""
_HUES = (140.0, 60.0, 0.0)


class Heat:
    """Colours for the pictures of one grid.

    Args:
        scores: of the grid; its real photos say what is near.
    """

    def __init__(self, scores: Scores) -> None:
        self.same = scores.same_person
        band = band_limit(scores.real)
        self.words = WORDS if band is not None else (UNKNOWN_BAND, *WORDS[1:])
        self.near = min(band if band is not None else NEAR_SHARE * self.same, self.same)

    def step(self, score: CellScore) -> int:
        """Index into `words`."""
        if score.distance is None:
            return 3
        return (score.distance > self.near) + (score.distance > self.same)

    def word(self, score: CellScore) -> str:
        """What the colour means."""
        return self.words[self.step(score)]

    def style(self, score: CellScore) -> str:
        """CSS of a light ground with dark letters, which reads in light and dark themes."""
        return self.ground(score.distance)

    def ground(self, distance: float | None) -> str:
        """As `style`, for a distance; None for no face."""
        hue = self.hue(distance)
        ground = "#d4d4d8" if hue is None else f"hsl({hue:.0f} 75% 78%)"
        return f"background:{ground};color:#18181b"

    def hue(self, distance: float | None) -> float | None:
        """Degrees: 140 (green) up to `near`, 60 at the embedder's limit, 0 from 1.5 of it."""
        if distance is None:
            return None
        stops = (self.near, self.same, FAR_SHARE * self.same)
        if distance <= stops[0]:
            return _HUES[0]
        for n in (1, 2):
            if distance <= stops[n]:
                part = (distance - stops[n - 1]) / (stops[n] - stops[n - 1])
                return _HUES[n - 1] + part * (_HUES[n] - _HUES[n - 1])
        return _HUES[2]

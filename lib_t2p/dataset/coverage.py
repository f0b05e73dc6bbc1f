"""What a set shows and what it lacks, as a small table and as sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lib_t2p.dataset.captions.template import PROFILE, TILTED, TURNED, distance_words
from lib_t2p.dataset.expected import PhotoOutlook

POSES = ("left profile", "turned left", "frontal", "turned right", "right profile")
TILTS = ("looking up", "level", "looking down")
DISTANCES = ("close-up", "head and shoulders", "half body", "full body")
LIGHTS = ("dark", "middle", "bright")
DARK, BRIGHT = 80.0, 170.0
"""Mean grey levels of a face below and above which its light is dark and bright."""
LEAST = 2
"""Photos of a kind from which it counts as shown."""
WISHED: dict[str, tuple[str, ...]] = {
    "Head": ("turned left", "frontal", "turned right"),
    "Look": ("level",),
    "Distance": ("close-up", "head and shoulders"),
    "Light": ("middle",),
}
"""What every set should show."""
WORTH: dict[str, tuple[str, ...]] = {
    "Head": ("left profile", "right profile"),
    "Look": ("looking up", "looking down"),
    "Distance": ("half body",),
}
"""What makes a set better."""


@dataclass(frozen=True)
class CoverageRow:
    """How many photos show what of one kind.

    Attributes:
        kind: such as `Head`.
        counts: word -> photos, all words of the kind.
    """

    kind: str
    counts: dict[str, int]

    @property
    def words(self) -> list[str]:
        """As people read them."""
        return [f"{count} {word}" for word, count in self.counts.items()]


def coverage_of(photos: Sequence[PhotoOutlook]) -> list[CoverageRow]:
    """Count head poses, looks, distances, light and days."""
    kinds = {
        "Head": (POSES, [_pose(one) for one in photos]),
        "Look": (TILTS, [_tilt(one) for one in photos]),
        "Distance": (DISTANCES, [_distance(one) for one in photos]),
        "Light": (LIGHTS, [_light(one) for one in photos]),
    }
    rows = []
    for kind, (words, found) in kinds.items():
        counts = Counter(found)
        rows.append(CoverageRow(kind, {word: counts[word] for word in words}))
    days = {one.photo.taken[:10] for one in photos if one.photo.taken}
    if days:
        rows.append(CoverageRow("Days", {"different days": len(days)}))
    return rows


def missing_of(photos: Sequence[PhotoOutlook]) -> list[str]:
    """One sentence for each kind of photo to add, the most needed first."""
    rows = {row.kind: row.counts for row in coverage_of(photos)}
    lacking = []
    for wishes, word in ((WISHED, "Add"), (WORTH, "Better with")):
        for kind, words in wishes.items():
            for wish in words:
                count = rows[kind][wish]
                if count < LEAST:
                    there = "none" if count == 0 else f"only {count}"
                    lacking.append(f"{kind}: {there} {wish}. {word} {LEAST - count} more.")
    return lacking


def _pose(one: PhotoOutlook) -> str:
    yaw = one.photo.shown.get("yaw", 0.0)
    if abs(yaw) < TURNED:
        return "frontal"
    side = "right" if yaw > 0 else "left"
    return f"{side} profile" if abs(yaw) >= PROFILE else f"turned {side}"


def _tilt(one: PhotoOutlook) -> str:
    pitch = one.photo.shown.get("pitch", 0.0)
    if abs(pitch) < TILTED:
        return "level"
    return "looking down" if pitch > 0 else "looking up"


def _distance(one: PhotoOutlook) -> str:
    crop = one.crops[0].crop.side if one.crops else one.photo.width
    return distance_words(one.photo.shown.get("face", 0.0) / max(crop, 1.0))


def _light(one: PhotoOutlook) -> str:
    light = one.photo.shown.get("light", 128.0)
    if light < DARK:
        return "dark"
    return "bright" if light > BRIGHT else "middle"

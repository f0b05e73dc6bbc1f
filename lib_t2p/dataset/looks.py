"""What of a photo counts when photos are chosen, light enough for the tab to choose by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Look:
    """A photo among others.

    Attributes:
        photo: its name.
        quality: 0 to 100, see `grading.score_of`.
        distance: median distance to the person in the other photos.
        yaw, pitch: of the head, degrees.
        closeness: log2 of the face's width over the photo's short side.
        light, contrast: of the face, grey levels 0 to 255.
        colours: mean Lab colours (8-bit scale) of four parts of the background and of the
            clothes, 15 numbers; empty when not known.
        taken: EXIF time, or empty.
    """

    photo: str
    quality: float
    distance: float
    yaw: float = 0.0
    pitch: float = 0.0
    closeness: float = 0.0
    light: float = 0.0
    contrast: float = 0.0
    colours: tuple[float, ...] = ()
    taken: str = ""

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Look:
        """As it was written; raises `TypeError` for other names."""
        return cls(**{**values, "colours": tuple(values["colours"])})


def seconds_of(taken: str) -> float:
    """Seconds of an EXIF time; not a number when there is none."""
    try:
        # Cameras write local time; only differences count here, so any zone will do.
        moment = datetime.strptime(f"{taken[:19]} +0000", "%Y:%m:%d %H:%M:%S %z")
    except ValueError:
        return float("nan")
    return moment.timestamp()

"""A grade per photo, and notes on what is not perfect about it."""

from __future__ import annotations

import numpy as np

from lib_t2p.dataset.photo_report import PhotoReport, SeenFace
from lib_t2p.dataset.reasons import Note

LEAST_JPEG = 35
"""JPEG quality below which a picture is heavily compressed; cameras write 85 and more."""
MOST_BLOCKS = 2.6
"""`blockiness` from which a picture was heavily compressed. Measured: untouched pictures below
1.15, quality 60 up to 2.2, 20 and less from 3.7."""
MOST_ENLARGED = 1.4
"""`enlargement` from which it is told. Measured: three times gives 1.6 to 1.7, four times 2.2."""
MOST_NOISE = 5.0
"""`noise` from which it is told, grey levels; cameras in daylight give 0.5 to 2."""
LEAST_SCORE = 0.7
"""Detector score below which something may cover the face."""
PROFILE = 35.0
"""Degrees of yaw from which a face is a profile."""
FULL_MARK = 128.0
"""Width of a face that loses nothing for its size, pixels."""
FULL_SHARPNESS = 40.0
"""`face_sharpness` that loses nothing."""


def notes_of(report: PhotoReport, seen: SeenFace | None) -> tuple[Note, ...]:
    """What a person should know of a photo, without leaving it out."""
    is_compressed = 0 < report.jpeg < LEAST_JPEG or report.blocks >= MOST_BLOCKS
    found: list[tuple[bool, Note]] = [
        (is_compressed, "compressed"),
        (report.enlarged >= MOST_ENLARGED, "enlarged"),
        (report.noise >= MOST_NOISE, "noisy"),
        (seen is not None and seen.face.score < LEAST_SCORE, "covered"),
        (seen is not None and abs(seen.pose.yaw) >= PROFILE, "profile"),
        (report.text, "text"),
        (report.profile_failed, "colours"),
    ]
    return tuple(note for holds, note in found if holds)


def score_of(report: PhotoReport, seen: SeenFace) -> float:
    """0 to 100: the product of size, sharpness, light and contrast, less a third per bad note.

    It only orders photos: each factor stands in the manifest as its own number.
    """
    size = min(1.0, seen.face.box.width / FULL_MARK)
    sharp = min(1.0, float(np.sqrt(max(seen.sharpness, 0.0) / FULL_SHARPNESS)))
    light = min(1.0, seen.light.mean / 80.0, (255.0 - seen.light.mean) / 40.0)
    contrast = min(1.0, seen.light.contrast / 80.0)
    bad = sum(note not in ("profile", "text", "colours") for note in notes_of(report, seen))
    spoilt = (1.0 - min(seen.cut, 1.0)) * (1.0 - min(seen.light.clipped, 1.0))
    return round(100.0 * size * sharp * max(light, 0.0) * contrast * spoilt * (2 / 3) ** bad, 1)

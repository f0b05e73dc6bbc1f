"""Light of faces in pictures of known grey levels."""

from __future__ import annotations

import numpy as np
import pytest

from lib_t2p.vision.faces.light import FaceLight, cut_share, face_light, light_of
from lib_t2p.vision.results import Box, Face, Picture


def steps(*levels: int) -> Picture:
    """Vertical bars of equal width, 100 x 100 px."""
    grey = np.repeat(np.array(levels, np.uint8), 100 // len(levels))[None].repeat(100, axis=0)
    return np.repeat(grey[..., None], 3, axis=2)


def at(left: float, top: float, right: float, bottom: float, *eyes: tuple[float, float]) -> Face:
    return Face(Box(left, top, right, bottom), 0.9, eyes)


def test_mean_contrast_and_clipping_of_bars() -> None:
    assert light_of(steps(100, 100, 200, 200)) == FaceLight(150.0, 100.0, 0.0)
    assert light_of(steps(0, 100, 150, 255)).clipped == 0.5
    assert light_of(steps(8, 247)).clipped == 1.0
    assert light_of(steps(9, 246)).clipped == 0.0


def test_extremes_of_few_pixels_are_no_contrast() -> None:
    picture = steps(120)
    picture[:2, :2] = 255
    assert light_of(picture).contrast == 0.0


def test_only_the_face_counts_and_only_what_lies_in_the_picture() -> None:
    picture = steps(40, 220)
    assert face_light(picture, at(0, 0, 50, 100)).mean == 40.0
    assert face_light(picture, at(60, 20, 90, 80)) == FaceLight(220.0, 0.0, 0.0)
    assert face_light(picture, at(75, 50, 300, 300)).mean == 220.0
    assert face_light(picture, at(120, 120, 300, 300)) == FaceLight(0.0, 0.0, 1.0)


def test_colours_weigh_as_the_eye_sees_them() -> None:
    green = np.zeros((10, 10, 3), np.uint8)
    green[..., 1] = 255
    # ITU-R BT.601: 0.587 of the luminance.
    assert light_of(green).mean == pytest.approx(0.587 * 255, abs=1)


def test_the_share_outside_and_an_eye_outside() -> None:
    assert cut_share(at(10, 10, 60, 60, (20, 20), (40, 20)), 100, 100) == 0.0
    assert cut_share(at(-25, 10, 75, 60, (20, 20), (40, 20)), 100, 100) == 0.25
    assert cut_share(at(50, 50, 150, 150, (60, 60), (90, 60)), 100, 100) == 0.75
    assert cut_share(at(10, 10, 60, 60, (-1, 20), (40, 20)), 100, 100) == 1.0
    assert cut_share(at(10, 10, 60, 60, (20, 20), (40, 100)), 100, 100) == 1.0
    assert cut_share(at(30, 30, 30, 30), 100, 100) == 1.0

"""Grades and notes of photos whose numbers are known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from test_variety import GOOD, photo

from lib_t2p.dataset.grading import (
    FULL_MARK,
    FULL_SHARPNESS,
    LEAST_JPEG,
    MOST_BLOCKS,
    MOST_ENLARGED,
    MOST_NOISE,
    notes_of,
    score_of,
)
from lib_t2p.dataset.photo_report import PhotoReport, SeenFace
from lib_t2p.dataset.thresholds import grade_of
from lib_t2p.vision.faces.light import FaceLight
from lib_t2p.vision.faces.pose import HeadPose
from lib_t2p.vision.results import Box, Face


@pytest.fixture
def report() -> PhotoReport:
    return replace(photo("a").report, jpeg=90, blocks=1.0, enlarged=1.0, noise=1.0)


@pytest.fixture
def seen() -> SeenFace:
    """A face that loses nothing."""
    return replace(photo("a").seen, sharpness=FULL_SHARPNESS, light=GOOD)


def test_a_photo_without_fault_has_full_marks(report: PhotoReport, seen: SeenFace) -> None:
    assert score_of(report, seen) == 100.0
    assert notes_of(report, seen) == ()


@pytest.mark.parametrize(
    ("change", "score"),
    [
        ({"face": Face(Box(0, 0, FULL_MARK / 2, FULL_MARK / 2), 0.9, ())}, 50.0),
        ({"sharpness": FULL_SHARPNESS / 4}, 50.0),
        ({"sharpness": 0.0}, 0.0),
        ({"light": FaceLight(40.0, 120.0, 0.0)}, 50.0),
        ({"light": FaceLight(235.0, 120.0, 0.0)}, 50.0),
        ({"light": FaceLight(128.0, 20.0, 0.0)}, 25.0),
        ({"light": FaceLight(128.0, 120.0, 0.3)}, 70.0),
        ({"cut": 0.2}, 80.0),
        ({"face": Face(Box(0, 0, 130, 130), 0.65, ())}, 66.7),
        ({"pose": HeadPose(yaw=50.0)}, 100.0),
    ],
)
def test_each_weakness_costs_its_share(
    report: PhotoReport, seen: SeenFace, change: dict[str, Any], score: float
) -> None:
    assert score_of(report, replace(seen, **change)) == score


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ({"jpeg": LEAST_JPEG - 1}, "compressed"),
        ({"blocks": MOST_BLOCKS}, "compressed"),
        ({"enlarged": MOST_ENLARGED}, "enlarged"),
        ({"noise": MOST_NOISE}, "noisy"),
    ],
)
def test_each_note_costs_a_third_and_stands_at_its_limit(
    report: PhotoReport, seen: SeenFace, change: dict[str, Any], note: str
) -> None:
    noted = replace(report, **change)
    assert notes_of(noted, seen) == (note,)
    assert score_of(noted, seen) == 66.7


def test_no_jpeg_is_not_a_bad_one_and_a_note_needs_no_face(report: PhotoReport) -> None:
    assert notes_of(replace(report, jpeg=0), None) == ()
    assert notes_of(replace(report, text=True), None) == ("text",)


@pytest.mark.parametrize(
    ("score", "grade"),
    [(100, "A"), (75, "A"), (74.9, "B"), (50, "B"), (49.9, "C"), (25, "C"), (24.9, "D"), (0, "D")],
)
def test_letters_begin_at_their_scores(score: float, grade: str) -> None:
    assert grade_of(score) == grade


def test_a_colour_profile_that_failed_is_told_and_costs_nothing(
    report: PhotoReport, seen: SeenFace
) -> None:
    odd = replace(report, profile_failed=True)
    assert notes_of(odd, seen) == (*notes_of(report, seen), "colours")
    assert score_of(odd, seen) == score_of(report, seen)

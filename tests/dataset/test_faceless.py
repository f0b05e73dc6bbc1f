"""Why no face was found, as far as the picture itself tells."""

from __future__ import annotations

import pytest

from lib_t2p.dataset.judging import judge_photos
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.photo_report import PhotoReport
from lib_t2p.dataset.subject import Subject
from lib_t2p.dataset.thresholds import FaceNumbers, face_fault
from lib_t2p.vision.faces.light import FaceLight


@pytest.mark.parametrize(
    ("light", "sharpness", "code"),
    [
        (FaceLight(128.0, 120.0, 0.0), 60.0, "no_face"),
        (FaceLight(128.0, 120.0, 0.0), None, "no_face"),
        (FaceLight(128.0, 120.0, 0.0), 5.0, "blurred"),
        (FaceLight(9.0, 120.0, 0.0), 5.0, "dark"),
        (FaceLight(230.0, 120.0, 0.0), 5.0, "bright"),
        (FaceLight(128.0, 3.0, 0.0), 5.0, "flat"),
    ],
)
def test_light_goes_before_blur_and_blur_before_nothing(
    light: FaceLight, sharpness: float | None, code: str
) -> None:
    report = PhotoReport("a.jpg", width=640, height=480, light=light, sharpness=sharpness)
    _, (left_out,) = judge_photos([report], Subject({}, {}), DatasetOptions())
    assert left_out.code == code
    assert left_out.reason.startswith("No face was found")


def test_a_photo_that_may_lie_on_its_side_is_left_out_with_that_reason() -> None:
    for light in (FaceLight(128.0, 120.0, 0.0), FaceLight(9.0, 120.0, 0.0)):
        report = PhotoReport("a.jpg", width=640, height=480, light=light, may_lie=True)
        _, (left_out,) = judge_photos([report], Subject({}, {}), DatasetOptions())
        assert "may lie on its side or upside down" in left_out.reason


@pytest.mark.parametrize("may_lie", [False, True])
def test_another_persons_face_may_be_one_that_lies_on_its_side(may_lie: bool) -> None:
    numbers = FaceNumbers(200, 120, 0, 100, 50, 0, 0.8, is_persons=False, may_lie=may_lie)
    fault = face_fault(numbers, DatasetOptions(), 0.0)
    assert fault is not None and fault[0] == "other_person"
    assert ("may lie on its side" in fault[1]) == may_lie

"""Why no face was found, as far as the picture itself tells."""

from __future__ import annotations

import pytest

from lib_t2p.dataset.judging import judge_photos
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.photo_report import PhotoReport
from lib_t2p.dataset.subject import Subject
from lib_t2p.vision.face_light import FaceLight


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

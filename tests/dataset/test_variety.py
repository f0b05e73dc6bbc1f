"""Choosing varied photos out of sets whose differences are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from test_choosing import candidate

from lib_t2p.dataset.judging import PhotoCandidate
from lib_t2p.dataset.selecting import choose_varied as choose
from lib_t2p.vision.faces.light import FaceLight
from lib_t2p.vision.faces.pose import HeadPose
from lib_t2p.vision.results import Box, Face

PLAIN = (60.0, 0.0, 0.0) * 5
GOOD = FaceLight(128.0, 120.0, 0.0)


def photo(
    name: str,
    *,
    yaw: float = 0.0,
    face: float = 130.0,
    light: float = 128.0,
    colours: tuple[float, ...] = PLAIN,
    taken: str = "",
    contrast: float = 120.0,
) -> PhotoCandidate:
    """A good photo of 400 x 400 px that differs only in what is given."""
    one = candidate(name)
    seen = replace(
        one.seen,
        face=Face(Box(100, 100, 100 + face, 100 + face), 0.9, ()),
        pose=HeadPose(yaw, 0.0, 0.0),
        light=FaceLight(light, contrast, 0.0),
    )
    report = replace(one.report, width=400, height=400, colours=colours, taken=taken, faces=(seen,))
    return replace(one, report=report, seen=seen)


def choose_varied(photos: list[PhotoCandidate], wanted: int) -> list[str]:
    return choose([photo.look for photo in photos], wanted)


@pytest.mark.parametrize(
    "differing",
    [
        {"yaw": 45.0},
        {"face": 390.0},
        {"light": 90.0},
        {"colours": (60.0, 60.0, 60.0) * 4 + (60.0, 0.0, 0.0)},
        {"colours": (60.0, 0.0, 0.0) * 4 + (20.0, 60.0, 0.0)},
        {"taken": "2024:06:01 12:00:00"},
    ],
    ids=["pose", "distance", "light", "scene", "clothes", "date"],
)
def test_the_one_that_differs_is_among_the_chosen(differing: dict[str, object]) -> None:
    date = {"taken": "2024:01:01 12:00:00"} if "taken" in differing else {}
    alike = [photo(f"a{n}", **date) for n in range(8)]  # type: ignore[arg-type]
    other = photo("other", **differing)  # type: ignore[arg-type]
    assert "other" in choose_varied([*alike, other], 2)


def test_three_poses_are_chosen_out_of_thirty_photos() -> None:
    photos = [
        photo(f"{side}{n}", yaw=yaw + n)
        for side, yaw, count in (("front", 0.0, 24), ("left", -40.0, 3), ("right", 40.0, 3))
        for n in range(count)
    ]
    chosen = choose_varied(photos, 3)
    assert {name.rstrip("0123456789") for name in chosen} == {"front", "left", "right"}


def test_a_bad_photo_is_not_taken_for_being_unlike() -> None:
    alike = [photo(f"a{n}") for n in range(4)]
    bad = photo("bad", yaw=60.0, contrast=10.0)
    assert "bad" not in choose_varied([*alike, bad], 3)


def test_order_of_the_photos_does_not_matter_and_few_are_all_taken() -> None:
    rng = np.random.default_rng(3)
    photos = [photo(f"p{n:02d}", yaw=float(rng.uniform(-60, 60))) for n in range(20)]
    first = choose_varied(photos, 6)
    assert first == choose_varied(photos[::-1], 6) == sorted(first)
    assert choose_varied(photos[:4], 9) == ["p00", "p01", "p02", "p03"]

import numpy as np
import pytest

from lib_t2p.dataset.cropping import HAIR, Crop, draw_crop, plan_crop
from lib_t2p.dataset.options import Framing
from lib_t2p.vision.results import Box

FRAMINGS: tuple[Framing, ...] = ("face", "bust", "whole")


@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize(
    "box",
    [Box(400, 300, 500, 400), Box(5, 70, 105, 170), Box(890, 490, 990, 590)],
)
def test_the_head_is_never_cut_and_the_crop_stays_inside(framing: Framing, box: Box) -> None:
    crop = plan_crop(1000, 600, box, [], framing)
    assert crop is not None
    assert not crop.is_padded(1000, 600)
    assert crop.top <= max(box.top - HAIR * 100, 0) + 1e-6
    assert crop.left <= max(box.left - 25, 0) + 1e-6
    assert crop.left + crop.side >= min(box.right + 25, 1000) - 1e-6
    assert crop.top + crop.side >= box.bottom


def test_framings_grow() -> None:
    sides = []
    for framing in FRAMINGS:
        crop = plan_crop(1000, 900, Box(400, 300, 500, 400), [], framing)
        assert crop is not None
        sides.append(crop.side)
    assert sides == pytest.approx([210, 330, 900])


def test_there_is_room_above_the_hair() -> None:
    crop = plan_crop(1000, 1000, Box(400, 400, 500, 500), [], "bust")
    assert crop is not None
    assert crop.top == pytest.approx(340 - 0.08 * crop.side)


def test_a_picture_smaller_than_the_frame_is_used_whole() -> None:
    assert plan_crop(480, 480, Box(150, 100, 350, 300), [], "bust") == Crop(0, 0, 480)


def test_a_strip_narrower_than_the_face_is_padded() -> None:
    crop = plan_crop(100, 600, Box(2, 200, 98, 320), [], "face")
    assert crop is not None
    assert crop.side >= 120
    assert crop.is_padded(100, 600)


def test_another_face_is_kept_out_by_moving_aside() -> None:
    other = Box(520, 300, 620, 400)
    crop = plan_crop(1000, 600, Box(300, 300, 400, 400), [other], "bust")
    assert crop is not None
    assert crop.left + crop.side <= other.left + 0.15 * other.width + 1e-6
    assert crop.left <= 275


def test_two_cheek_to_cheek_cannot_be_parted() -> None:
    assert plan_crop(1000, 600, Box(300, 300, 400, 400), [Box(380, 300, 480, 400)], "bust") is None


def test_drawing_takes_what_was_planned() -> None:
    picture = np.zeros((100, 200, 3), np.uint8)
    picture[20:60, 40:80] = 255
    drawn = draw_crop(picture, 0.5, Crop(80, 40, 80), (16, 16))
    assert drawn.shape == (16, 16, 3)
    # Lanczos rings a little at the square's edge.
    assert drawn.min() > 210


def test_padding_mirrors_the_edge_and_keeps_the_size() -> None:
    picture = np.full((50, 30, 3), 90, np.uint8)
    drawn = draw_crop(picture, 1.0, Crop(-10, 0, 50), (64, 64))
    assert drawn.shape == (64, 64, 3)
    assert (drawn == 90).all()

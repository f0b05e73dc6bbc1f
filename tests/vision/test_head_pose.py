"""Angles of heads whose key points are placed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lib_t2p.vision.faces.pose import NOSE_DOWN, NOSE_OUT, PITCH_PER_SHARE, HeadPose, head_pose
from lib_t2p.vision.results import Box, Face


def face(nose: tuple[float, float], turn: float = 0.0, scale: float = 1.0) -> Face:
    """Eyes 100 apart, the mouth 100 below them, the nose as given; turned clockwise, degrees."""
    points = np.array([(-50, 0), (50, 0), nose, (0, 100)], float) * scale
    angle = math.radians(turn)
    turned = points @ np.array(
        [[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]]
    )
    placed = tuple((float(x) + 300.0, float(y) + 200.0) for x, y in turned)
    return Face(Box(200, 150, 400, 350), 0.9, placed)


LEVEL = 100 * NOSE_DOWN


def test_a_frontal_level_face_has_no_angles() -> None:
    assert head_pose(face((0, LEVEL))) == HeadPose(0.0, 0.0, 0.0)


@pytest.mark.parametrize("yaw", [-60, -30, -10, 10, 45])
def test_the_nose_tells_the_turn_with_its_sign(yaw: float) -> None:
    out = 100 * NOSE_OUT * math.tan(math.radians(yaw))
    assert head_pose(face((out, LEVEL))).yaw == pytest.approx(yaw, abs=0.1)


@pytest.mark.parametrize("pitch", [-40, -15, 20, 36])
def test_a_nose_near_the_mouth_looks_down_and_one_near_the_eyes_up(pitch: float) -> None:
    down = LEVEL + 100 * pitch / PITCH_PER_SHARE
    assert head_pose(face((0, down))).pitch == pytest.approx(pitch, abs=0.1)


@pytest.mark.parametrize("roll", [-80, -20, 5, 33])
def test_a_leaning_head_keeps_its_other_angles(roll: float) -> None:
    out = 100 * NOSE_OUT * math.tan(math.radians(25))
    pose = head_pose(face((out, LEVEL + 10), turn=roll))
    assert (pose.yaw, pose.pitch, pose.roll) == pytest.approx((25, 12, roll), abs=0.1)


def test_size_changes_nothing() -> None:
    assert head_pose(face((20, 70), scale=0.2)) == head_pose(face((20, 70), scale=5))


def test_eyes_behind_each_other_are_a_profile_and_too_few_points_nothing() -> None:
    box = Box(0, 0, 100, 100)
    one_place = ((50.0, 40.0), (50.2, 40.0), (80.0, 60.0), (60.0, 90.0))
    assert head_pose(Face(box, 0.9, one_place)).yaw == 90.0
    assert head_pose(Face(box, 0.9, one_place[:2])) == HeadPose()

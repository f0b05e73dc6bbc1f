"""Where a head looks, roughly, from the detector's key points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib_t2p.vision.results import Face

NOSE_OUT = 0.55
"""How far the nose tip stands out from the eyes' plane, in eye distances; an average adult's."""
NOSE_DOWN = 0.58
"""Where the nose tip lies between eyes (0) and mouth (1) in a level, frontal face."""
PITCH_PER_SHARE = 120.0
"""Degrees per share of that way. Both are averages: good for sorting, not for measuring heads."""
LEAST_POINTS = 4


@dataclass(frozen=True)
class HeadPose:
    """Angles in degrees.

    Attributes:
        yaw: above 0 the nose points to the picture's right; 0 is frontal, 60 and more a profile.
        pitch: above 0 the face looks down.
        roll: above 0 the head leans clockwise in the picture.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0


def head_pose(face: Face) -> HeadPose:
    """Angles of a face; all 0 where the detector gives fewer than four key points."""
    if len(face.keypoints) < LEAST_POINTS:
        return HeadPose()
    right, left, nose, mouth = (np.array(point) for point in face.keypoints[:LEAST_POINTS])
    across = left - right
    apart = float(np.linalg.norm(across))
    if apart < 1.0:
        return HeadPose(yaw=90.0)
    roll = float(np.degrees(np.arctan2(across[1], across[0])))
    along = across / apart
    down = np.array([-along[1], along[0]])
    middle = (right + left) / 2
    yaw = float(np.degrees(np.arctan2((nose - middle) @ along, NOSE_OUT * apart)))
    height = float((mouth - middle) @ down)
    share = float((nose - middle) @ down) / height if height > 1.0 else NOSE_DOWN
    pitch = float(np.clip((share - NOSE_DOWN) * PITCH_PER_SHARE, -90, 90))
    return HeadPose(round(yaw, 1), round(pitch, 1), round(roll, 1))

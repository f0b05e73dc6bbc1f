"""A face turned and scaled to where recognition networks want it."""

from __future__ import annotations

import cv2
import numpy as np

from lib_t2p.vision.results import Face, Picture

SIDE = 112
"""Side of the aligned face, pixels."""
EYES_NOSE_MOUTH = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [56.1396, 92.28475]]
)
"""Where right eye, left eye, nose tip and mouth go, (x, y) pixels: the template of insightface and
of OpenCV's SFace; both have the corners of the mouth, whose middle this is."""


def aligned_face(picture: Picture, face: Face) -> Picture:
    """Cut a face out, aligned by its first four key points as well as turning and scaling can.

    Args:
        picture: RGB uint8, height x width x 3.
        face: in pixels of `picture`.

    Returns:
        RGB uint8, 112 x 112; black where the picture ends.
    """
    points = np.array(face.keypoints[:4])
    source, target = (p @ np.array([1, 1j]) for p in (points, EYES_NOSE_MOUTH))
    around = source - source.mean()
    spread = max(float((np.abs(around) ** 2).sum()), 1e-9)
    # Least squares over turns and scales alone: one complex factor, no mirroring.
    turn = complex((np.conj(around) * (target - target.mean())).sum() / spread)
    shift = complex(target.mean() - turn * source.mean())
    matrix = np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])
    return cv2.warpAffine(picture, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR).astype(np.uint8)


def unit(vector: np.ndarray) -> np.ndarray:
    """Scale to length 1, so that Euclidean distance d and cosine c go together: d² = 2 - 2c."""
    flat = np.asarray(vector, np.float32).reshape(-1)
    return np.asarray(flat / max(float(np.linalg.norm(flat)), 1e-9), np.float32)

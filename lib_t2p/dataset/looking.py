"""Looking at one opened photo: faces, identities, quality, hashes."""

from __future__ import annotations

import cv2
import numpy as np

from lib_t2p.dataset.photo_report import PhotoReport, SeenFace
from lib_t2p.vision import (
    Box,
    Face,
    Picture,
    blockiness,
    enlargement,
    face_sharpness,
    moved,
    noise,
    picture_sharpness,
)
from lib_t2p.vision.faces import VisionTools, cut_share, face_light, head_pose, light_of, turn_of
from lib_t2p.vision.likeness import face_chip, face_patch, hash_picture
from lib_t2p.vision.photo_files import OpenedPhoto

INSPECT_SIDE = 2016
"""Photos are looked at with at most this longest side, pixels: half of a 12-megapixel photo's, to
which a JPEG is decoded three times as fast as in full."""
MOST_FACES = 6
"""Faces per photo that are identified, the largest ones."""
LEAST_SHARE = 0.35
"""Smaller faces, as a share of the largest one's width, are passers-by."""
DETAIL_SIDE = 1024
"""Side of the part around the face in which noise, blocks and enlargement are measured, pixels."""


def look_at(name: str, opened: OpenedPhoto, tools: VisionTools) -> PhotoReport:
    """Everything that is measured of a photo.

    Args:
        name: of the photo.
        opened: reduced to `INSPECT_SIDE`.
        tools: who finds and identifies faces.
    """
    picture: Picture = np.ascontiguousarray(opened.picture)
    found = tools.detector.detect(picture)
    turn = turn_of(picture, found, tools.detector)
    if turn.degrees:
        opened = opened.turned(turn.degrees)
        picture = opened.picture
        found = tools.detector.detect(picture)
    large = [f for f in found if f.box.width >= LEAST_SHARE * found[0].box.width][:MOST_FACES]
    part = _around(picture, large[0].box if large else None)
    return PhotoReport(
        photo=name,
        width=opened.width,
        height=opened.height,
        repaired=opened.repaired,
        taken=opened.taken,
        hashes=hash_picture(picture),
        faces=tuple(_seen(picture, opened.scale, face, tools) for face in large),
        jpeg=opened.quality,
        # Blocks are eight pixels wide in the file, not in a reduced picture.
        blocks=blockiness(part) if opened.scale == 1 else 0.0,
        noise=noise(part),
        enlarged=enlargement(part),
        light=light_of(picture),
        sharpness=picture_sharpness(picture),
        colours=_colours(picture, large[0].box if large else None),
        profile_failed=opened.profile_failed,
        turn=turn.degrees,
        may_lie=turn.may_lie,
    )


def _seen(picture: Picture, scale: float, face: Face, tools: VisionTools) -> SeenFace:
    height, width = picture.shape[:2]
    return SeenFace(
        face=moved(face, 1 / scale, 0, 0),
        embedding=tools.embedder.embed(picture, face),
        sharpness=face_sharpness(picture, face),
        chip=face_chip(picture, face),
        patch=face_patch(picture, face),
        light=face_light(picture, face),
        pose=head_pose(face),
        cut=cut_share(face, width, height),
    )


def _around(picture: Picture, box: Box | None) -> Picture:
    height, width = picture.shape[:2]
    x = (box.left + box.right) / 2 if box else width / 2
    y = (box.top + box.bottom) / 2 if box else height / 2
    left = int(np.clip(x - DETAIL_SIDE / 2, 0, max(0, width - DETAIL_SIDE)))
    top = int(np.clip(y - DETAIL_SIDE / 2, 0, max(0, height - DETAIL_SIDE)))
    return np.ascontiguousarray(picture[top : top + DETAIL_SIDE, left : left + DETAIL_SIDE])


def _colours(picture: Picture, box: Box | None) -> tuple[float, ...]:
    small = cv2.resize(picture, (32, 32), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.float32)
    parts = [lab[:10, :10], lab[:10, -10:], lab[10:20, :6], lab[10:20, -6:]]
    if box is not None:
        height, width = picture.shape[:2]
        top = min(int(32 * (box.bottom + 0.6 * box.height) / height), 31)
        left = int(np.clip(32 * box.left / width, 0, 31))
        right = int(np.clip(32 * box.right / width, left + 1, 32))
        parts.append(lab[top:, left:right])
    return tuple(round(float(v), 1) for part in parts for v in part.mean(axis=(0, 1)))

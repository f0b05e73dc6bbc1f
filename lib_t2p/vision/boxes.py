"""Arithmetic of detected faces: overlap, merging, moving between pictures."""

from __future__ import annotations

from collections.abc import Sequence

from lib_t2p.vision.results import Box, Face

Point = tuple[float, float]


def intersection(a: Box, b: Box) -> float:
    """Common area, square pixels."""
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    return max(width, 0.0) * max(height, 0.0)


def iou(a: Box, b: Box) -> float:
    """Intersection over union, 0 to 1."""
    common = intersection(a, b)
    union = a.width * a.height + b.width * b.height - common
    return common / union if union > 0 else 0.0


def containment(a: Box, b: Box) -> float:
    """Share of the smaller box that lies in the other, 0 to 1."""
    smaller = min(a.width * a.height, b.width * b.height)
    return intersection(a, b) / smaller if smaller > 0 else 0.0


def moved(face: Face, scale: float, dx: float, dy: float) -> Face:
    """The face in another picture's pixels: every coordinate times `scale`, plus the offset."""
    box = face.box
    return Face(
        Box(
            box.left * scale + dx,
            box.top * scale + dy,
            box.right * scale + dx,
            box.bottom * scale + dy,
        ),
        face.score,
        tuple((x * scale + dx, y * scale + dy) for x, y in face.keypoints),
    )


def weighted_nms(faces: Sequence[Face], threshold: float) -> list[Face]:
    """Merge faces that overlap by more than `threshold` (IoU) into their score-weighted mean.

    The merged face keeps the highest score. Source: MediaPipe's
    `non_max_suppression_calculator.cc`, algorithm WEIGHTED (Apache-2.0), written anew.
    """
    left = sorted(faces, key=lambda face: -face.score)
    merged = []
    while left:
        best = left[0]
        same = [face for face in left if face is best or iou(face.box, best.box) > threshold]
        left = [face for face in left if not any(face is other for other in same)]
        merged.append(_mean(same, best.score))
    return merged


def drop_contained(faces: Sequence[Face], threshold: float) -> list[Face]:
    """Drop faces that lie in another one with a higher score by more than `threshold`."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda face: -face.score):
        if all(containment(face.box, other.box) <= threshold for other in kept):
            kept.append(face)
    return kept


def _mean(faces: Sequence[Face], score: float) -> Face:
    total = sum(face.score for face in faces)
    shares = [face.score / total for face in faces]

    def mean(values: Sequence[float]) -> float:
        return sum(share * value for share, value in zip(shares, values, strict=True))

    def point(number: int) -> Point:
        return (
            mean([face.keypoints[number][0] for face in faces]),
            mean([face.keypoints[number][1] for face in faces]),
        )

    box = Box(
        mean([face.box.left for face in faces]),
        mean([face.box.top for face in faces]),
        mean([face.box.right for face in faces]),
        mean([face.box.bottom for face in faces]),
    )
    return Face(box, score, tuple(point(n) for n in range(len(faces[0].keypoints))))

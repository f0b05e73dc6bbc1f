"""Result types that every vision backend gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""RGB, height x width x 3, 0 to 255."""

Embedding = NDArray[np.float32]
"""A face's identity, shape (128,) for dlib; distances are Euclidean."""


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels of the picture, origin at the top left; may reach outside."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Pixels."""
        return self.bottom - self.top


@dataclass(frozen=True)
class Face:
    """A detected face.

    Attributes:
        box: from eyebrows to chin, roughly.
        score: the detector's confidence, 0 to 1.
        keypoints: (x, y) pixels: right eye, left eye (as the person has them), nose tip, mouth,
            right ear, left ear.
    """

    box: Box
    score: float
    keypoints: tuple[tuple[float, float], ...]


class FaceDetector(Protocol):
    """Finds faces."""

    name: str

    def detect(self, picture: Picture) -> list[Face]:
        """All faces, largest first."""


class Embedder(Protocol):
    """Turns a face into an identity."""

    name: str
    same_person: float
    """Distances below this usually are the same person."""

    def embed(self, picture: Picture, face: Face) -> Embedding:
        """The identity of one face of the picture."""

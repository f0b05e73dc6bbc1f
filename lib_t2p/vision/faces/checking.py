"""How well an embedder tells people apart on pictures of known people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from lib_t2p.vision.faces.tools import VisionTools
from lib_t2p.vision.results import Embedding, Picture


@dataclass(frozen=True)
class FaceCheck:
    """Distances between all pairs of pictures, in the embedder's unit.

    Attributes:
        same: of two pictures of one person, ascending.
        other: of two people, ascending.
        faceless: pictures in which no face was found.
    """

    same: tuple[float, ...]
    other: tuple[float, ...]
    faceless: int

    def wrong(self, threshold: float) -> tuple[int, int]:
        """Pairs of one person at or above the threshold, and of two people below it."""
        same = sum(distance >= threshold for distance in self.same)
        return same, sum(distance < threshold for distance in self.other)


def check_faces(people: Mapping[str, Sequence[Picture]], tools: VisionTools) -> FaceCheck:
    """Compare the largest faces of all pictures.

    Args:
        people: pictures by person, RGB uint8, height x width x 3.
        tools: who looks.
    """
    found: list[tuple[str, Embedding]] = []
    pictures = [(name, picture) for name, of_one in people.items() for picture in of_one]
    for name, picture in pictures:
        faces = tools.detector.detect(picture)
        if faces:
            found.append((name, tools.embedder.embed(picture, faces[0])))
    pairs = [(a == b, float(np.linalg.norm(x - y))) for (a, x), (b, y) in combinations(found, 2)]
    return FaceCheck(
        same=tuple(sorted(d for is_same, d in pairs if is_same)),
        other=tuple(sorted(d for is_same, d in pairs if not is_same)),
        faceless=len(pictures) - len(found),
    )

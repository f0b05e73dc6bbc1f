"""Finding out who the photos are of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib_t2p.dataset.inspecting import PhotoReport, SeenFace
from lib_t2p.errors import InputError
from lib_t2p.vision.results import Embedding
from lib_t2p.workspace import PersonFolder

DOMINANCE = 2.0
"""The person must be in so many times more photos than anybody who is in photos without them."""


@dataclass(frozen=True)
class Subject:
    """The person and their face in each photo.

    Attributes:
        face: photo name to the index of the person's face in its report.
        embeddings: photo name to the identity of that face.
    """

    face: dict[str, int]
    embeddings: dict[str, Embedding]

    def distance(self, seen: SeenFace, photo: str) -> float:
        """Median distance of a face to the person in all other photos; 0 when there is none."""
        others = [e for name, e in self.embeddings.items() if name != photo]
        if not others:
            return 0.0
        return float(np.median([np.linalg.norm(seen.embedding - other) for other in others]))


def find_subject(
    person: PersonFolder, reports: Sequence[PhotoReport], same_person: float
) -> Subject:
    """Group all faces by identity; the person is who is in most photos.

    Identities are merged while the mean distance between two groups is at most `same_person`
    (average linkage).

    Raises:
        InputError: no photo has a face, or the photos show several people and none of them
            dominates.
    """
    faces = [(report.photo, n) for report in reports for n in range(len(report.faces))]
    if not faces:
        raise InputError(
            f"No face was found in any of the {len(reports)} photos in {person.photos}: import "
            "photos that show the person's face."
        )
    vectors = np.stack([seen.embedding for report in reports for seen in report.faces])
    groups = cluster(vectors, same_person)
    photos = [{faces[i][0] for i in group} for group in groups]
    order = sorted(range(len(groups)), key=lambda g: (-len(photos[g]), groups[g][0]))
    first = order[0]
    rivals = [len(photos[g] - photos[first]) for g in order[1:]]
    if len(photos[first]) < DOMINANCE * max(rivals, default=0):
        raise InputError(_several(person, [len(photos[g]) for g in order]))
    largest: dict[str, int] = {}
    for i in groups[first]:
        # Faces of a photo come largest first.
        largest.setdefault(*faces[i])
    where = {key: i for i, key in enumerate(faces)}
    return Subject(largest, {p: vectors[where[(p, n)]] for p, n in largest.items()})


def cluster(vectors: NDArray[np.float32], limit: float) -> list[list[int]]:
    """Average-linkage clustering of identities, shape (n, 128).

    Returns:
        Row numbers of each group, ascending.
    """
    apart = np.linalg.norm(vectors[:, None] - vectors[None], axis=2).astype(np.float64)
    np.fill_diagonal(apart, np.inf)
    groups: list[list[int]] = [[i] for i in range(len(vectors))]
    while len(groups) > 1:
        a, b = sorted(divmod(int(apart.argmin()), len(groups)))
        if apart[a, b] > limit:
            break
        weight_a, weight_b = len(groups[a]), len(groups[b])
        merged = (apart[a] * weight_a + apart[b] * weight_b) / (weight_a + weight_b)
        merged[a] = np.inf
        apart[a], apart[:, a] = merged, merged
        apart = np.delete(np.delete(apart, b, axis=0), b, axis=1)
        groups[a] = sorted(groups[a] + groups[b])
        del groups[b]
    return groups


def _several(person: PersonFolder, counts: list[int]) -> str:
    shown = [f"{counts[0]} of one", *(f"{count} of another" for count in counts[1:4])]
    more = ", ..." if len(counts) > 4 else ""
    return (
        f"The photos show {len(counts)} people: {', '.join(shown)}{more}. Remove the photos of the "
        f"others from {person.photos}, then build again."
    )

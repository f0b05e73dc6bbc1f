"""Finding out who the photos are of: identities in groups, and the one that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from lib_t2p.dataset.photo_choices import FaceId, PhotoChoices
from lib_t2p.dataset.photo_report import PhotoReport, SeenFace
from lib_t2p.errors import InputError
from lib_t2p.vision import Embedding
from lib_t2p.workspace import PersonFolder

MOST_AT_ONCE = 6000
"""Faces that are compared with each other (150 MB); further ones join the nearest group."""


def cluster(vectors: NDArray[np.float32], limit: float) -> list[list[int]]:
    """Average-linkage clustering by Euclidean distance.

    Args:
        vectors: identities, shape (n, 128).
        limit: mean distance between two groups up to which they are merged.

    Returns:
        Row numbers of each group, ascending; groups by their first row.
    """
    if len(vectors) < 2:
        return [[n] for n in range(len(vectors))]
    first = vectors[:MOST_AT_ONCE].astype(np.float64)
    numbers = fcluster(linkage(first, "average"), limit, criterion="distance")
    groups: dict[int, list[int]] = {}
    for row, number in enumerate(numbers):
        groups.setdefault(int(number), []).append(row)
    found = list(groups.values())
    middles = np.stack([first[group].mean(axis=0) for group in found])
    for row in range(MOST_AT_ONCE, len(vectors)):
        apart = np.linalg.norm(middles - vectors[row], axis=1)
        nearest = int(apart.argmin())
        if apart[nearest] <= limit:
            found[nearest].append(row)
        else:
            found.append([row])
            middles = np.vstack([middles, vectors[row]])
    return found


DOMINANCE = 2.0
"""The person must be in so many times more photos than anybody who is in photos without them."""
BORDER = 0.08
"""Distances from the limit within which a person is asked whether it is them."""
MOST_COMPARED = 400
"""Photos with which a face is compared; more do not change a median."""


@dataclass(frozen=True)
class Subject:
    """The person and their face in each photo.

    Attributes:
        face: photo name to the index of the person's face in its report.
        embeddings: photo name to the identity of that face.
        confirmed: photos whose face a person said is theirs.
    """

    face: dict[str, int]
    embeddings: dict[str, Embedding]
    confirmed: frozenset[str] = frozenset()

    def distance(self, seen: SeenFace, photo: str) -> float:
        """Median distance of a face to the person in all other photos; 0 when there is none."""
        others = [e for name, e in self.embeddings.items() if name != photo]
        if not others:
            return 0.0
        compared = np.stack(others[:: max(1, len(others) // MOST_COMPARED)])
        return float(np.median(np.linalg.norm(compared - seen.embedding, axis=1)))


@dataclass(frozen=True)
class SeenPerson:
    """Somebody in the photos: one tile.

    Attributes:
        faces: all of them, in the order of photos.
        anchor: the most typical face; choosing the person means naming it.
        border: faces of doubt with their distance: near the limit, inside or outside.
    """

    faces: tuple[FaceId, ...]
    anchor: FaceId
    border: tuple[tuple[FaceId, float], ...]

    @property
    def photos(self) -> frozenset[str]:
        """Names of the photos that show them."""
        return frozenset(photo for photo, _ in self.faces)


def find_people(reports: Sequence[PhotoReport], same_person: float) -> list[SeenPerson]:
    """All faces grouped by identity; who is in most photos comes first.

    Identities are merged while the mean distance between two groups is at most `same_person`
    (average linkage).
    """
    faces = [(report.photo, n) for report in reports for n in range(len(report.faces))]
    if not faces:
        return []
    vectors = np.stack([seen.embedding for report in reports for seen in report.faces])
    groups = cluster(vectors, same_person)
    people = [_person(faces, vectors, group, same_person) for group in groups]
    return sorted(people, key=lambda p: (-len(p.photos), p.faces[0]))


def find_subject(
    person: PersonFolder,
    reports: Sequence[PhotoReport],
    same_person: float,
    choices: PhotoChoices | None = None,
) -> Subject:
    """Who was chosen, or else who is in most photos.

    Raises:
        InputError: no photo has a face, the chosen face is gone, or the photos show several people
            and none of them dominates.
    """
    chosen = choices or PhotoChoices()
    people = find_people(reports, same_person)
    if not people:
        raise InputError(
            f"No face was found in any of the {len(reports)} photos in {person.photos}: import "
            "photos that show the person's face."
        )
    found = _chosen(people, chosen) or _dominant(person, people)
    of_person = {*found.faces, *chosen.same} - chosen.others
    seen = {(r.photo, n): face for r in reports for n, face in enumerate(r.faces)}
    largest: dict[str, int] = {}
    # Confirmed faces win over others of their photo, then the largest does.
    for face in sorted(of_person & seen.keys(), key=lambda f: (f not in chosen.same, f)):
        largest.setdefault(*face)
    largest = dict(sorted(largest.items()))
    embeddings = {photo: seen[(photo, n)].embedding for photo, n in largest.items()}
    confirmed = frozenset(p for p, n in largest.items() if (p, n) in chosen.same)
    return Subject(largest, embeddings, confirmed)


def _person(
    faces: Sequence[FaceId], vectors: NDArray[np.float32], group: Sequence[int], limit: float
) -> SeenPerson:
    middle = vectors[list(group)].mean(axis=0)
    apart = np.linalg.norm(vectors[list(group)] - middle, axis=1)
    anchor = faces[group[int(apart.argmin())]]
    # Mean distance to a group, by the mean of squares: exact up to the spread's square root.
    spread = float((apart**2).mean())
    to_all = np.sqrt(np.linalg.norm(vectors - middle, axis=1) ** 2 + spread)
    border = [
        (faces[int(n)], round(float(to_all[n]), 4))
        for n in np.flatnonzero(np.abs(to_all - limit) <= BORDER)
    ]
    border = border if len(group) > 1 else []
    return SeenPerson(tuple(faces[n] for n in group), anchor, tuple(border))


def _chosen(people: Sequence[SeenPerson], choices: PhotoChoices) -> SeenPerson | None:
    if choices.anchor is None:
        return None
    for found in people:
        if choices.anchor in found.faces:
            return found
    raise InputError(
        f"The face that was chosen as the person (in {choices.anchor[0]}) is not there any more: "
        "choose the person again."
    )


def _dominant(person: PersonFolder, people: Sequence[SeenPerson]) -> SeenPerson:
    first = people[0]
    rivals = [len(other.photos - first.photos) for other in people[1:]]
    if len(first.photos) < DOMINANCE * max(rivals, default=0):
        raise InputError(_several(person, [len(other.photos) for other in people]))
    return first


def _several(person: PersonFolder, counts: list[int]) -> str:
    shown = [f"{counts[0]} of one", *(f"{count} of another" for count in counts[1:4])]
    more = ", ..." if len(counts) > 4 else ""
    return (
        f"The photos show {len(counts)} people: {', '.join(shown)}{more}. Choose the person "
        f"under People in the Dataset tab, or with `t2p.py dataset people {person.slug} "
        "--choose 1`."
    )

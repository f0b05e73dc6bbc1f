"""Identities of people: drawn ones, and the photos that pip happens to have."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from lib_t2p.dataset.clustering import cluster
from lib_t2p.demo.known_faces import People, cached_photos, pip_cache
from lib_t2p.vision.results import Embedding
from lib_t2p.vision.tools import VisionTools


@pytest.fixture(scope="module")
def people() -> People:
    """The test photos of face_recognition's source archive, by person."""
    found = cached_photos(pip_cache())
    if len(found) < 2:
        pytest.skip("face_recognition's source archive is not in pip's cache")
    return found


@pytest.fixture(scope="module")
def identities(people: People, tools: VisionTools) -> dict[str, list[Embedding]]:
    found: dict[str, list[Embedding]] = {}
    for name, photos in people.items():
        for photo in photos:
            faces = tools.detector.detect(photo)
            if faces:
                found.setdefault(name, []).append(tools.embedder.embed(photo, faces[0]))
    return found


def test_photos_of_one_person_are_near_and_of_two_far(
    identities: dict[str, list[Embedding]], tools: VisionTools
) -> None:
    limit = tools.embedder.same_person
    for one in identities.values():
        for a, b in itertools.combinations(one, 2):
            assert np.linalg.norm(a - b) < limit
    for one, other in itertools.combinations(identities.values(), 2):
        assert min(np.linalg.norm(a - b) for a in one for b in other) > limit


def test_clusters_are_the_people(
    identities: dict[str, list[Embedding]], tools: VisionTools
) -> None:
    names = [name for name, found in identities.items() for _ in found]
    vectors = np.stack([vector for found in identities.values() for vector in found])
    groups = cluster(vectors, tools.embedder.same_person)
    assert sorted(sorted({names[row] for row in group}) for group in groups) == sorted(
        [name] for name in identities
    )

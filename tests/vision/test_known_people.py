"""Identities of people: drawn ones, and the photos that pip happens to have."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import numpy as np
import pytest

from lib_t2p.cli.known_faces import People, cached_photos, photos_of, pip_cache
from lib_t2p.dataset.subject import cluster
from lib_t2p.vision.faces.tools import VisionTools
from lib_t2p.vision.results import Embedding
from tools.build_base import portraits
from tools.build_base.looks import random_look

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def people() -> People:
    """The test photos of face_recognition's source archive, by person.

    Out of pip's cache, or out of the file that T2P_FACE_RECOGNITION names (what `pip download
    --no-deps --no-binary :all: face_recognition` wrote, where pip's index forbids caching).
    """
    named = os.environ.get("T2P_FACE_RECOGNITION")
    found = photos_of(Path(named)) if named else cached_photos(pip_cache())
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


@pytest.fixture(scope="module")
def drawn(tools: VisionTools) -> dict[int, list[Embedding]]:
    """Four drawings each of six people: their face, hair and skin stay, the rest changes."""
    found: dict[int, list[Embedding]] = {}
    for who in range(6):
        look = random_look(np.random.default_rng(100 + who))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(portraits, "random_look", lambda rng, look=look: look)
            patch.setattr(portraits, "PHOTO_FACE_SHARE", 0.0)
            for number in range(4):
                rng = np.random.default_rng(1000 * who + number)
                picture = portraits.draw_portrait(rng, np.zeros((1, 25, 25)), 256)[0]
                (face,) = tools.detector.detect(picture)
                found.setdefault(who, []).append(tools.embedder.embed(picture, face))
    return found


def test_drawings_of_one_person_are_nearer_than_those_of_two(
    drawn: dict[int, list[Embedding]], tools: VisionTools
) -> None:
    # The network learned from photos: drawn people lie nearer to each other than real ones, so
    # that what is tested is their order, not dlib's limit for photos.
    same = [
        float(np.linalg.norm(a - b))
        for one in drawn.values()
        for a, b in itertools.combinations(one, 2)
    ]
    other = [
        float(np.linalg.norm(a - b))
        for one, two in itertools.combinations(drawn.values(), 2)
        for a in one
        for b in two
    ]
    assert max(same) < tools.embedder.same_person
    assert np.median(same) < 0.5 * np.median(other)
    nearer = np.mean([np.mean(np.array(other) > distance) for distance in same])
    assert nearer >= 0.95

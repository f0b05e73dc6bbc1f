import zlib

import numpy as np
import pytest

from lib_t2p.dataset.choosing import without_duplicates
from lib_t2p.dataset.cropping import Crop
from lib_t2p.dataset.inspecting import PhotoReport, SeenFace
from lib_t2p.dataset.judging import PhotoCandidate
from lib_t2p.dataset.selecting import choose_held_out, held_out_count
from lib_t2p.dataset.splitting import Groups, Split, group_photos, group_seen, is_burst
from lib_t2p.dataset.splitting import split_photos as split_among
from lib_t2p.dataset.subject import cluster
from lib_t2p.vision.likeness.perceptual_hashes import PictureHashes
from lib_t2p.vision.results import Box, Face


def candidate(
    name: str, *, hash_bits: int | None = None, sharp: float = 50.0, taken: str = "", chip: int = 0
) -> PhotoCandidate:
    """`hash_bits`: how many low bits of the hash are set; None gives a hash of its own."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    value = int.from_bytes(rng.bytes(32), "big") if hash_bits is None else (1 << hash_bits) - 1
    hashes = PictureHashes(f"{value:064x}", f"{int.from_bytes(rng.bytes(32), 'big'):064x}")
    texture = np.random.default_rng(chip or zlib.crc32(name.encode())).normal(0, 9, (64, 64))
    seen = SeenFace(
        Face(Box(0, 0, 100, 100), 0.9, ()),
        rng.normal(0, 0.01, 128).astype(np.float32),
        sharp,
        texture.astype(np.float32),
    )
    report = PhotoReport(name, width=100, height=100, hashes=hashes, taken=taken, faces=(seen,))
    return PhotoCandidate(report, seen, Crop(0, 0, 100), float(rng.uniform(0.1, 0.5)))


def split_photos(photos: list[PhotoCandidate], asked: int | None = None) -> Split:
    return split_among(photos, group_seen(photos, 60), asked)


def test_of_duplicates_the_sharpest_stays() -> None:
    photos = [
        candidate("a", hash_bits=0, sharp=20),
        candidate("b", hash_bits=9, sharp=60),
        candidate("c", hash_bits=90),
    ]
    kept, dropped = without_duplicates(photos, 16)
    assert [c.report.photo for c in kept] == ["b", "c"]
    assert [(d.photo, d.code) for d in dropped] == [("a", "near_duplicate")]


@pytest.mark.parametrize(
    ("usable", "asked", "count"),
    [(1, None, 0), (2, None, 0), (3, None, 1), (4, None, 2), (6, None, 2), (15, None, 2),
     (33, None, 4), (60, None, 6), (10, 0, 0), (10, 5, 5), (4, 9, 2)],
)  # fmt: skip
def test_a_tenth_is_held_out_but_at_least_two_where_it_can_be(
    usable: int, asked: int | None, count: int
) -> None:
    assert held_out_count(usable, asked) == count


def test_a_group_is_never_torn() -> None:
    photos = [candidate(f"p{n:02d}") for n in range(12)]
    groups = Groups({c.report.photo: n // 3 + 1 for n, c in enumerate(photos)})
    held_out = choose_held_out([photo.look for photo in photos], groups.of, 2)
    assert len(held_out) >= 2
    for number in range(1, 5):
        members = {name for name, group in groups.of.items() if group == number}
        assert members <= held_out or not members & held_out


def test_bursts_are_grouped_by_looks_and_by_time() -> None:
    photos = [
        candidate("a", hash_bits=0),
        candidate("b", hash_bits=40),
        candidate("c", taken="2024:05:01 12:00:00"),
        candidate("d", taken="2024:05:01 12:01:30"),
        candidate("e", taken="2024:05:01 18:00:00"),
        candidate("f", taken="not a time"),
    ]
    of = group_photos(photos, is_burst(60)).of
    assert of["a"] == of["b"]
    assert of["c"] == of["d"]
    assert len(set(of.values())) == 4


def test_variants_of_one_shot_are_held_together() -> None:
    photos = [candidate(f"p{n}") for n in range(8)] + [
        candidate("v1", chip=999),
        candidate("v2", chip=999),
    ]
    split = split_photos(photos)
    assert split.groups.of["v1"] == split.groups.of["v2"]
    held_out = {c.report.photo for c in split.held_out}
    assert len(held_out) == 2
    assert len(held_out & {"v1", "v2"}) in (0, 2)
    assert not split.shares_shots


def test_when_all_are_variants_of_one_shot_it_is_said() -> None:
    photos = [candidate(f"p{n}", chip=999) for n in range(9)]
    split = split_photos(photos)
    assert len(split.held_out) == 2
    assert split.shares_shots


def test_identities_are_clustered() -> None:
    rng = np.random.default_rng(0)
    centres = np.eye(128)[[0, 0, 1, 0, 1, 2]]
    vectors = (centres + rng.normal(0, 0.01, (6, 128))).astype(np.float32)
    assert sorted(cluster(vectors, 0.6)) == [[0, 1, 3], [2, 4], [5]]

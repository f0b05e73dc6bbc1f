from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lib_t2p.vision.likeness.same_picture import (
    PHOTO_COPY,
    mirrored,
    nearest_likeness,
    picture_shape,
    same_as_others,
)

Pixels = NDArray[np.uint8]


def blobs(seed: int, size: int = 96) -> Pixels:
    """A soft random picture, RGB."""
    small = np.random.default_rng(seed).integers(0, 256, (6, 6, 3)).astype(np.float64)
    at = np.linspace(0, 5, size)
    low = np.floor(at).astype(int).clip(0, 4)
    part = (at - low)[:, None, None]
    rows = small[low] * (1 - part) + small[low + 1] * part
    part = part.transpose(1, 0, 2)
    return np.asarray(rows[:, low] * (1 - part) + rows[:, low + 1] * part, np.uint8)


def test_light_contrast_and_size_do_not_hide_a_repeated_picture() -> None:
    first = blobs(1)
    darker = np.asarray(20 + first * 0.6, np.uint8)
    larger = first.repeat(4, axis=0).repeat(4, axis=1)
    for other in (darker, larger):
        assert float(picture_shape(first) @ picture_shape(other)) > 0.98


def test_different_pictures_are_not_one() -> None:
    shapes = [picture_shape(blobs(seed)) for seed in range(12)]
    assert same_as_others(shapes, range(12)) == [0.0] * 12
    for n, shape in enumerate(shapes):
        (nearest,) = nearest_likeness([shape], shapes[:n] + shapes[n + 1 :])
        assert nearest < PHOTO_COPY


def test_a_mirrored_copy_of_a_photo_is_found() -> None:
    photo = blobs(3)
    shape = picture_shape(np.ascontiguousarray(photo[:, ::-1]))
    assert mirrored(shape) == pytest.approx(picture_shape(photo), abs=1e-5)
    (found,) = nearest_likeness([shape], [picture_shape(blobs(4)), picture_shape(photo)])
    assert found == pytest.approx(1.0, abs=1e-4)


def test_the_share_of_same_pictures_counts_other_groups_only() -> None:
    shapes = [picture_shape(blobs(n)) for n in (1, 1, 1, 2)]
    shares = same_as_others(shapes, ["seed 1", "seed 1", "seed 2", "seed 3"])
    assert shares == pytest.approx([1 / 2, 1 / 2, 2 / 3, 0])
    assert same_as_others(shapes[:2], ["seed 1", "seed 1"]) == [None, None]


def test_nothing_to_compare_with_gives_nothing() -> None:
    even = picture_shape(np.full((8, 8, 3), 90, np.uint8))
    assert not even.any()
    assert nearest_likeness([even], []) == []
    assert same_as_others([], []) == []

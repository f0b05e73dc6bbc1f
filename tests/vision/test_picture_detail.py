"""Traces of saving, enlarging and noise of known strength."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from lib_t2p.dataset.grading import MOST_BLOCKS, MOST_ENLARGED
from lib_t2p.vision.picture_detail import blockiness, enlargement, jpeg_quality, noise
from lib_t2p.vision.results import Picture


def saved(picture: Picture, quality: int) -> Image.Image:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=quality)
    return Image.open(file)


def enlarged(picture: Picture, factor: float, method: Image.Resampling) -> Picture:
    size = (round(picture.shape[1] * factor), round(picture.shape[0] * factor))
    return np.asarray(Image.fromarray(picture).resize(size, method))


@pytest.mark.parametrize("quality", [25, 50, 60, 75, 90, 95])
def test_the_quality_a_jpeg_was_saved_with_is_read_from_its_tables(
    astronaut: Picture, quality: int
) -> None:
    tables = saved(astronaut, quality).quantization  # type: ignore[attr-defined]
    assert jpeg_quality(tables) == pytest.approx(quality, abs=1)


def test_of_hardest_compression_no_more_is_told_than_that_it_was_hard(astronaut: Picture) -> None:
    # Tables end at 255, so that below 20 their sums hardly differ.
    for quality in (1, 5, 10):
        tables = saved(astronaut, quality).quantization  # type: ignore[attr-defined]
        assert 1 <= jpeg_quality(tables) < 20


def test_without_tables_there_is_no_quality() -> None:
    assert jpeg_quality({}) == 0


def test_blocks_show_when_a_picture_was_saved_hard_also_after_a_cut(astronaut: Picture) -> None:
    plain = blockiness(astronaut)
    hard = np.asarray(saved(astronaut, 10).convert("RGB"))
    assert plain < 1.2
    assert blockiness(np.asarray(saved(astronaut, 90).convert("RGB"))) < MOST_BLOCKS
    assert blockiness(hard) > 2 * plain
    assert blockiness(np.ascontiguousarray(hard[3:, 5:])) > 2 * plain


def test_a_picture_of_one_block_has_no_blocks() -> None:
    assert blockiness(np.full((16, 16, 3), 90, np.uint8)) == 1.0


@pytest.mark.parametrize("sigma", [2.0, 5.0, 12.0])
def test_the_noise_of_an_even_picture_is_its_standard_deviation(sigma: float) -> None:
    grey = 120 + np.random.default_rng(1).normal(0, sigma, (512, 512, 1))
    picture = np.repeat(grey.clip(0, 255), 3, axis=2).astype(np.uint8)
    assert noise(picture) == pytest.approx(sigma, rel=0.15)


def test_slopes_are_no_noise_and_black_areas_do_not_hide_it() -> None:
    slope = np.tile(np.linspace(40, 200, 512), (512, 1))
    assert noise(np.repeat(slope[..., None], 3, axis=2).astype(np.uint8)) < 0.6
    half = slope + np.random.default_rng(2).normal(0, 6, slope.shape)
    half[:300] = 0
    assert noise(np.repeat(half[..., None], 3, axis=2).clip(0, 255).astype(np.uint8)) > 4.5
    assert noise(np.zeros((64, 64, 3), np.uint8)) == 0.0


@pytest.mark.parametrize("method", [Image.Resampling.BICUBIC, Image.Resampling.LANCZOS])
def test_enlarging_is_seen_and_grows_with_the_factor(
    astronaut: Picture, method: Image.Resampling
) -> None:
    found = [enlargement(enlarged(astronaut, factor, method)) for factor in (2, 3, 4, 6)]
    assert found == sorted(found)
    assert found[2] >= MOST_ENLARGED + 0.3
    assert enlargement(astronaut) < MOST_ENLARGED


def test_reducing_is_no_enlarging(astronaut: Picture) -> None:
    small = cv2.resize(astronaut, (300, 300), interpolation=cv2.INTER_AREA).astype(np.uint8)
    assert enlargement(small) == pytest.approx(1.0, abs=0.1)


def test_a_picture_too_small_to_tell_counts_as_not_enlarged() -> None:
    assert enlargement(np.zeros((60, 60, 3), np.uint8)) == 1.0


def test_rounding_to_grey_levels_does_not_pass_for_detail(astronaut: Picture) -> None:
    # Soft: what rounding leaves is more than a thousandth of its coarse detail.
    soft = cv2.GaussianBlur(astronaut, (0, 0), 1.2).astype(np.uint8)
    assert enlargement(enlarged(soft, 4, Image.Resampling.BICUBIC)) > MOST_ENLARGED


def test_where_rounding_hides_all_detail_nothing_is_said(astronaut: Picture) -> None:
    for factor, lift in ((0.06, 120.0), (0.08, 0.0)):
        assert enlargement((astronaut * factor + lift).astype(np.uint8)) == 1.0

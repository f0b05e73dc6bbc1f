"""The pictures that the base learns from, all free: drawn ones and scikit-image's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

from lib_t2p.files import whole_file
from tools.build_base.portraits import draw_portrait

SIDE = 96
"""Pixels of every training picture."""
FACES = 100
"""The first 100 of lfw_subset are faces, 25 x 25, grey; the other 100 are not."""
PORTRAIT_SEED = 7
OTHERS = (
    ("chelsea", "photo of a cat"),
    ("coffee", "photo of a cup of coffee"),
    ("rocket", "photo of a rocket"),
    ("brick", "photo of a brick wall"),
    ("grass", "photo of grass"),
    ("gravel", "photo of gravel"),
    ("hubble_deep_field", "photo of stars"),
    ("moon", "photo of the moon"),
)
"""scikit-image picture and caption; no person is in any of them."""
TEXTURES = (
    "chelsea coffee rocket camera brick grass gravel hubble_deep_field immunohistochemistry moon "
    "coins retina stereo_motorcycle cell page text logo colorwheel horse clock"
).split()
"""scikit-image pictures whose crops teach the autoencoder detail; never the demo person."""
OTHER_CROPS = 60


@dataclass(frozen=True)
class Pool:
    """Training pictures, count x SIDE x SIDE x 3 RGB, and their captions."""

    pictures: NDArray[np.uint8]
    captions: list[str]


def free_picture(name: str) -> NDArray[np.uint8]:
    """A picture that scikit-image's wheel ships, RGB."""
    loaded = getattr(data, name)()
    picture = loaded[0] if isinstance(loaded, tuple) else loaded
    if picture.dtype == bool:
        picture = picture.astype(np.uint8) * 255
    if picture.ndim == 2:
        picture = np.stack([picture] * 3, -1)
    return np.ascontiguousarray(picture[..., :3], np.uint8)


def grey_faces() -> NDArray[np.float64]:
    """100 x 25 x 25, 0 to 1."""
    return np.asarray(data.lfw_subset()[:FACES], np.float64)


def make_pool(portraits: int, work: Path) -> Pool:
    """Draw the pool, or read it when an earlier build drew it."""
    pictures, captions = work / "pool.npy", work / "captions.json"
    if pictures.exists() and captions.exists():
        return Pool(np.load(pictures), json.loads(captions.read_text(encoding="utf-8")))
    rng = np.random.default_rng(PORTRAIT_SEED)
    faces = grey_faces()
    drawn = [draw_portrait(rng, faces, SIDE) for _ in range(portraits)]
    drawn += [_crop(rng, *other) for other in OTHERS for _ in range(OTHER_CROPS)]
    pool = Pool(np.stack([picture for picture, _ in drawn]), [caption for _, caption in drawn])
    with whole_file(captions) as part:
        part.write_text(json.dumps(pool.captions), encoding="utf-8")
    with whole_file(pictures) as part, part.open("wb") as file:
        np.save(file, pool.pictures)
    return pool


def _crop(rng: np.random.Generator, name: str, caption: str) -> tuple[NDArray[np.uint8], str]:
    picture = free_picture(name)
    height, width = picture.shape[:2]
    side = int(min(height, width) * rng.uniform(0.45, 1))
    top, left = rng.integers(height - side + 1), rng.integers(width - side + 1)
    cut = picture[top : top + side, left : left + side]
    small = np.asarray(cv2.resize(cut, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)
    return (small[:, ::-1] if rng.random() < 0.5 else small), caption

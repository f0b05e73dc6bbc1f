"""The proof that the demo's person is in no picture that the base learned from."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

from lib_t2p.diffusion.painter import DiffusersPainter
from lib_t2p.errors import InputError
from lib_t2p.painting.request import CellRequest
from lib_t2p.pictures import open_picture
from lib_t2p.vision.faces.tools import VisionTools
from lib_t2p.vision.likeness.perceptual_hashes import distance, hash_picture, mirror_distance
from lib_t2p.vision.results import Embedding
from tools.build_base.pictures import Pool, grey_faces

OTHER_PERSON = 0.6
"""Distances above this are another person, by dlib's own threshold."""
NEAR_BITS = 32
"""Hash distance, of 256 bits, below which two pictures are the same; others differ by 128."""
PROMPTS = ("photo of a woman", "photo of a person", "photo of a man", "portrait of a woman")


@dataclass(frozen=True)
class Figures:
    """Distances of faces to the demo's person."""

    faces: int
    nearest: float
    mean: float


def person_embedding(tools: VisionTools) -> Embedding:
    """The demo person's identity, from the untouched portrait."""
    portrait = np.ascontiguousarray(data.astronaut())
    return tools.embedder.embed(portrait, tools.detector.detect(portrait)[0])


def check_pool(pool: Pool, tools: VisionTools) -> Figures:
    """Look for the person in the training pictures: all real faces, and every hash.

    Raises:
        InputError: a picture hashes like the portrait, or a face is as near as the same person.
    """
    portrait = hash_picture(np.ascontiguousarray(data.astronaut()))
    for picture in pool.pictures:
        seen = hash_picture(picture)
        if min(distance(seen, portrait), mirror_distance(seen, portrait)) < NEAR_BITS:
            raise InputError("A training picture looks like the demo's portrait: leave it out.")
    figures = distances(np.stack([_enlarged(face) for face in grey_faces()]), tools)
    if figures.nearest <= OTHER_PERSON:
        raise InputError(
            f"A training face is at {figures.nearest:.2f} from the demo's person: leave it out."
        )
    return figures


def _enlarged(face: NDArray[np.float64]) -> NDArray[np.uint8]:
    grey = (face * 255).astype(np.uint8)
    large = cv2.resize(grey, (100, 100), interpolation=cv2.INTER_CUBIC)
    framed = cv2.copyMakeBorder(large, 30, 30, 30, 30, cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(np.stack([framed] * 3, -1))


def check_base(base: Path, tools: VisionTools, pixels: int, seeds: int = 8) -> Figures:
    """Paint without a LoRA; raises `InputError` when the mean distance is that of the person."""
    painter = DiffusersPainter(loras=base)
    pictures = []
    for prompt in PROMPTS:
        for seed in range(seeds):
            request = CellRequest(
                prompt=prompt,
                seed=seed,
                checkpoint=str(base),
                steps=20,
                sampler_name="Euler",
                cfg_scale=3.0,
                width=pixels,
                height=pixels,
            )
            png = io.BytesIO(painter.paint(request).png)
            pictures.append(np.asarray(open_picture(png).convert("RGB")))
    figures = distances(np.stack(pictures), tools)
    if figures.mean <= OTHER_PERSON:
        raise InputError(f"The base paints the demo's person by itself ({figures.mean:.2f}).")
    return figures


def distances(pictures: NDArray[np.uint8], tools: VisionTools) -> Figures:
    """Distances of the largest face of each picture to the person."""
    person = person_embedding(tools)
    found = []
    for picture in pictures:
        faces = tools.detector.detect(picture)
        if faces:
            identity = tools.embedder.embed(picture, faces[0])
            found.append(float(np.linalg.norm(identity - person)))
    if not found:
        return Figures(0, float("inf"), float("inf"))
    return Figures(len(found), min(found), float(np.mean(found)))

"""The proof that the demo's person is in no picture that the base learned from."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from skimage import data

from lib_t2p.demo.build_base.pictures import Pool
from lib_t2p.diffusion.painter import DiffusersPainter
from lib_t2p.errors import InputError
from lib_t2p.painting.request import CellRequest
from lib_t2p.vision.hashes import picture_hashes
from lib_t2p.vision.images import decode_png
from lib_t2p.vision.results import Embedding
from lib_t2p.vision.tools import VisionTools

logger = logging.getLogger(__name__)

OTHER_PERSON = 0.6
"""Distances above this are another person, by dlib's own threshold."""
EVERY = 10
"""One in so many drawn portraits is looked at; their faces are the same hundred."""
NEAR_BITS = 8
"""Hash distance, of 64 bits, below which two pictures are the same."""
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
    """Look for the person in the training pictures.

    Raises:
        InputError: a picture hashes like the portrait, or a face is as near as the same person.
    """
    portrait = picture_hashes(np.ascontiguousarray(data.astronaut()))
    for picture in pool.pictures[::EVERY]:
        if picture_hashes(picture).distance(portrait) < NEAR_BITS:
            raise InputError("A training picture looks like the demo's portrait: leave it out.")
    figures = distances(pool.pictures[::EVERY], tools)
    if figures.nearest <= OTHER_PERSON:
        raise InputError(
            f"A training picture is at {figures.nearest:.2f} from the demo's person: leave it out."
        )
    return figures


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
            pictures.append(decode_png(painter.paint(request).png))
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

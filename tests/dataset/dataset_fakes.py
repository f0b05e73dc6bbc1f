"""Drawn photos and tools that see them: a face is a square in one of a few pure colours."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image

from lib_t2p.vision.faces.tools import VisionTools
from lib_t2p.vision.results import Box, Embedding, Face, Picture

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
PEOPLE = (RED, GREEN, BLUE)


def draw_photo(
    path: Path,
    seed: int,
    *faces: tuple[tuple[int, int, int], int, int, int],
    size: tuple[int, int] = (400, 300),
) -> Path:
    """Write a PNG with a soft random background and faces (colour, left, top, side)."""
    width, height = size
    rng = np.random.default_rng(seed)
    coarse = rng.integers(60, 180, (6, 8), np.uint8)
    grey = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    pixels = np.repeat(np.asarray(grey)[..., None], 3, axis=2).copy()
    for colour, left, top, side in faces:
        blocks = Image.fromarray(rng.integers(0, 2, (7, 7), np.uint8))
        texture = 1 - 0.1 * np.asarray(blocks.resize((side, side), Image.Resampling.NEAREST))
        pixels[top : top + side, left : left + side] = texture[..., None] * colour
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return path


class ColourDetector:
    """Finds the squares; their bounding box is the face."""

    name = "colours"

    def detect(self, picture: Picture) -> list[Face]:
        faces = []
        for colour in PEOPLE:
            apart = np.abs(picture.astype(int) - colour).max(axis=2)
            rows, columns = np.nonzero(apart < 30)
            if len(rows) > 50:
                box = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
                eyes = (
                    (box.left + box.width * 0.3, box.top),
                    (box.right - box.width * 0.3, box.top),
                )
                faces.append(Face(box, 0.9, eyes))
        return sorted(faces, key=lambda face: -face.box.width)


class ColourEmbedder:
    """The colour is the identity; two photos of one person differ a little."""

    name = "colours"
    same_person = 0.6

    def embed(self, picture: Picture, face: Face) -> Embedding:
        middle = picture[int(face.box.top + 2), int(face.box.left + 2)]
        vector = np.zeros(128, np.float32)
        vector[int(np.argmax(middle))] = 1.0
        seed = int.from_bytes(hashlib.sha256(picture.tobytes()).digest()[:4], "little")
        noise = np.random.default_rng(seed).normal(0, 1, 125)
        vector[3:] = 0.2 * noise / np.linalg.norm(noise)
        return vector


def fake_tools() -> VisionTools:
    return VisionTools(ColourDetector(), ColourEmbedder())

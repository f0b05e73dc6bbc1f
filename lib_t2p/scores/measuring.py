"""What is measured in one picture, whatever it is compared with later."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lib_t2p.errors import InputError
from lib_t2p.pictures import open_picture
from lib_t2p.vision import Embedding, Picture, burnt_share, face_sharpness
from lib_t2p.vision.likeness import Shape, picture_shape

if TYPE_CHECKING:
    from lib_t2p.vision.faces import VisionTools


@dataclass(frozen=True)
class Measured:
    """Numbers of one picture.

    Attributes:
        faces: found; the largest one is looked at.
        embedding: identity of the face; None without one.
        sharpness: of the face, in the unit of `vision.sharpness`; None without one.
        burnt: share of the pixels, 0 to 1, as of `vision.burnt`.
        shape: of the whole picture, as of `vision.same_picture`.
    """

    faces: int
    embedding: Embedding | None
    sharpness: float | None
    burnt: float
    shape: Shape


Measuring = Callable[[Sequence[Path]], Generator[Measured, None, None]]
"""Measures pictures, in their order, when asked for the next; closing it ends the work."""


def measure(path: Path, tools: VisionTools) -> Measured:
    """Look at one picture.

    Raises:
        InputError: the file cannot be read as a picture.
    """
    picture = read_picture(path)
    faces = tools.detector.detect(picture)
    return Measured(
        faces=len(faces),
        embedding=tools.embedder.embed(picture, faces[0]) if faces else None,
        sharpness=face_sharpness(picture, faces[0]) if faces else None,
        burnt=burnt_share(picture),
        shape=picture_shape(picture),
    )


def one_by_one(tools: VisionTools) -> Measuring:
    """Measure in this process."""

    def measuring(paths: Sequence[Path]) -> Generator[Measured, None, None]:
        for path in paths:
            yield measure(path, tools)

    return measuring


def read_picture(path: Path) -> Picture:
    """Read a picture that we wrote ourselves: RGB uint8, height x width x 3.

    Raises:
        InputError: the file cannot be read as a picture.
    """
    try:
        with open_picture(path) as picture:
            return np.asarray(picture.convert("RGB"))
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(f"{path} cannot be read as a picture: draw or build it again.") from error

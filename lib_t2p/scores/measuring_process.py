"""`python -m lib_t2p.scores.measuring_process`: measures pictures for the process above it.

A path comes in, its numbers go out.
"""

from __future__ import annotations

import sys
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from lib_t2p.errors import T2PError
from lib_t2p.jobs import serve_crew
from lib_t2p.scores.measuring import Measured, measure
from lib_t2p.vision.faces import load_tools


def packed(measured: Measured) -> dict[str, Any]:
    """As JSON; nothing is rounded."""
    identity = measured.embedding
    return {
        "faces": measured.faces,
        "embedding": None if identity is None else _text(identity),
        "sharpness": measured.sharpness,
        "burnt": measured.burnt,
        "shape": _text(measured.shape),
    }


def unpacked(record: dict[str, Any]) -> Measured:
    """What was packed."""
    identity = record["embedding"]
    return Measured(
        faces=record["faces"],
        embedding=None if identity is None else _numbers(identity),
        sharpness=record["sharpness"],
        burnt=record["burnt"],
        shape=_numbers(record["shape"]),
    )


def _text(values: NDArray[np.float32]) -> str:
    return b64encode(values.astype("<f4").tobytes()).decode("ascii")


def _numbers(text: str) -> NDArray[np.float32]:
    return np.frombuffer(b64decode(text), "<f4").astype(np.float32)


def main(arguments: list[str]) -> int:
    """Serve with the embedder and folder that are named; 1 when they cannot be loaded."""
    cv2.setNumThreads(1)
    embedder, folder = arguments
    try:
        tools = load_tools(embedder, Path(folder) if folder else None)
    except T2PError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return serve_crew(tools.mark, lambda path: packed(measure(Path(path), tools)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

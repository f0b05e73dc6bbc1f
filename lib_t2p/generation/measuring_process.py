"""`python -m lib_t2p.generation.measuring_process`: measures pictures for the process above it.

One JSON line with a path comes in, one with its numbers goes out; the end of the input ends it, so
that it outlives nobody.
"""

from __future__ import annotations

import json
import os
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

import cv2
import numpy as np
from numpy.typing import NDArray

from lib_t2p.errors import T2PError
from lib_t2p.generation.measuring import Measured, measure
from lib_t2p.vision.tools import VisionTools, load_tools


def tools_mark(tools: VisionTools) -> str:
    """By what two processes see that they measure with the same tools."""
    return f"{tools.detector.name}\n{tools.embedder.name}"


def serve(tools: VisionTools, lines: Iterable[str], out: TextIO) -> None:
    """Answer each line; a picture that cannot be measured gives its sentence."""
    _say(out, {"tools": tools_mark(tools)})
    for line in lines:
        try:
            _say(out, packed(measure(Path(json.loads(line)), tools)))
        except T2PError as error:
            _say(out, {"fault": str(error)})


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


def _say(out: TextIO, record: dict[str, Any]) -> None:
    out.write(json.dumps(record) + "\n")
    out.flush()


def main(arguments: list[str]) -> int:
    """Serve with the embedder and folder that are named; 1 when they cannot be loaded."""
    # What a library prints must not come between the answers.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    cv2.setNumThreads(1)
    embedder, folder = arguments
    try:
        tools = load_tools(embedder, Path(folder) if folder else None)
    except T2PError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    serve(tools, sys.stdin, out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

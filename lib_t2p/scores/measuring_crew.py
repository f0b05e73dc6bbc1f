"""Measuring pictures in several processes; how many changes no number.

Run as a program it measures for the process above it: a path comes in, its numbers go out."""

from __future__ import annotations

import sys
from base64 import b64decode, b64encode
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from lib_t2p.errors import InputError, T2PError
from lib_t2p.jobs import Crew, serve_crew
from lib_t2p.scores.measuring import Measured, measure, one_by_one
from lib_t2p.vision.faces import VisionTools, load_tools


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


MODULE = "lib_t2p.scores.measuring_crew"
FEW = 24
"""Pictures below which starting processes takes longer than it saves."""


class MeasuringCrew:
    """A `Measuring` by processes that end with this one.

    Args:
        tools: of this process; it steps in where a process of the crew fails.
        embedder: by which the processes load the same tools.
        folder: as for `load_tools`.
        processes: 1 measures in this process alone.
    """

    def __init__(
        self, tools: VisionTools, embedder: str, folder: Path | None, processes: int
    ) -> None:
        self._tools = tools
        self._command = [sys.executable, "-m", MODULE, embedder, str(folder or "")]
        self._processes = processes

    def __call__(self, paths: Sequence[Path]) -> Generator[Measured, None, None]:
        """Measure pictures in their order.

        Raises:
            InputError: a file cannot be read as a picture.
        """
        if self._processes < 2 or len(paths) < FEW:
            yield from one_by_one(self._tools)(paths)
            return
        crew = Crew(self._command, self._processes, self._tools.mark)
        with closing(crew.answers(str(path) for path in paths)) as answers:
            for path, answer in zip(paths, answers, strict=True):
                if answer is None:
                    yield measure(path, self._tools)
                elif "fault" in answer:
                    raise InputError(answer["fault"])
                else:
                    yield unpacked(answer)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

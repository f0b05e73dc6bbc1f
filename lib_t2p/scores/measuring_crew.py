"""Measuring pictures in several processes; how many changes no number."""

from __future__ import annotations

import sys
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path

from lib_t2p.errors import InputError
from lib_t2p.jobs import Crew
from lib_t2p.scores.measuring import Measured, measure, one_by_one
from lib_t2p.scores.measuring_process import unpacked
from lib_t2p.vision.faces import VisionTools

MODULE = "lib_t2p.scores.measuring_process"
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

"""Measuring pictures in several processes; how many changes no number.

dlib keeps Python's lock while it computes, so threads would wait for each other.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from lib_t2p import platforms
from lib_t2p.errors import InputError
from lib_t2p.generation.measuring import Measured, measure, one_by_one
from lib_t2p.generation.measuring_process import tools_mark, unpacked
from lib_t2p.jobs.starting import child_environment
from lib_t2p.vision.tools import VisionTools

MODULE = "lib_t2p.generation.measuring_process"
FEW = 24
"""Pictures below which starting processes takes longer than it saves."""
MOST_PROCESSES = 4
"""Each takes about 250 MB."""
_LOG = logging.getLogger(__name__)


def processes_here() -> int:
    """As many as this machine has cores, up to 4."""
    return max(1, min(MOST_PROCESSES, os.cpu_count() or 1))


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
        self._own = threading.Lock()

    def __call__(self, paths: Sequence[Path]) -> Generator[Measured, None, None]:
        """Measure pictures in their order.

        Raises:
            InputError: a file cannot be read as a picture.
        """
        if self._processes < 2 or len(paths) < FEW:
            yield from one_by_one(self._tools)(paths)
            return
        free: SimpleQueue[_Helper] = SimpleQueue()
        helpers = [_Helper(self._command) for _ in range(self._processes)]
        for helper in helpers:
            free.put(helper)
        pool = ThreadPoolExecutor(self._processes, "measure")
        ahead: deque[Future[Measured]] = deque()
        try:
            for path in paths:
                ahead.append(pool.submit(self._measured, path, free))
                if len(ahead) > 2 * self._processes:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)
            for helper in helpers:
                helper.close()

    def _measured(self, path: Path, free: SimpleQueue[_Helper]) -> Measured:
        helper = free.get()
        try:
            answer = helper.ask(path, tools_mark(self._tools))
        finally:
            free.put(helper)
        if answer is None:
            with self._own:
                return measure(path, self._tools)
        if "fault" in answer:
            raise InputError(answer["fault"])
        return unpacked(answer)


class _Helper:
    """One process of the crew; once it failed it is not asked again."""

    def __init__(self, command: Sequence[str]) -> None:
        self._child: subprocess.Popen[str] | None = None
        self._greeting: str | None = None
        try:
            self._child = subprocess.Popen(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                env=child_environment(),
                **platforms.own_group_options(),
            )
        except OSError as error:
            _LOG.warning("a process that measures could not be started: %s", error)

    def ask(self, path: Path, mark: str) -> dict[str, Any] | None:
        """The answer; None when the process is gone, or measures with other tools than `mark`."""
        if self._greeting is None:
            self._greeting = (self._line() or {}).get("tools", "")
            if self._greeting != mark:
                _LOG.warning("a process that measures was not used: it lacks the same tools")
                self.close()
        return self._line(json.dumps(str(path)))

    def _line(self, said: str = "") -> dict[str, Any] | None:
        child = self._child
        if child is None or child.stdin is None or child.stdout is None:
            return None
        try:
            if said:
                child.stdin.write(said + "\n")
                child.stdin.flush()
            answer: dict[str, Any] = json.loads(child.stdout.readline())
        except (OSError, ValueError):
            _LOG.warning("a process that measures ended; this one goes on in its place")
            self.close()
            return None
        return answer

    def close(self) -> None:
        """End the process; nothing is lost, since what it measures is asked for again."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.communicate()

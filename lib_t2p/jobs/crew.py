"""Several processes of one kind that answer questions; how many there are changes no answer.

For work that keeps Python's lock, as dlib does, so that threads would wait for each other.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any, TextIO

from lib_t2p import platforms
from lib_t2p.errors import T2PError
from lib_t2p.jobs.starting import child_environment

Answer = dict[str, Any]

MOST_PROCESSES = 4
"""Each takes some hundred MB."""
_LOG = logging.getLogger(__name__)


def processes_here() -> int:
    """As many as this machine has cores, up to 4."""
    return max(1, min(MOST_PROCESSES, os.cpu_count() or 1))


def serve_crew(greeting: str, answer: Callable[[Any], Answer]) -> int:
    """What a process of a crew does: answers each question until its input ends.

    One JSON line comes in, one goes out; the end of the input ends it, so that it outlives nobody.

    Args:
        greeting: said first; says what the answers depend on.
        answer: gives what becomes JSON; a `T2PError` becomes `{"fault": its sentence}`.

    Returns:
        The exit code of the process.
    """
    # What a library prints must not come between the answers.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    answer_lines(greeting, answer, sys.stdin, out)
    return 0


def answer_lines(
    greeting: str, answer: Callable[[Any], Answer], lines: Iterable[str], out: TextIO
) -> None:
    """Say the greeting and answer each line; see `serve_crew`."""

    def say(record: Answer) -> None:
        out.write(json.dumps(record) + "\n")
        out.flush()

    say({"greeting": greeting})
    for line in lines:
        try:
            say(answer(json.loads(line)))
        except T2PError as error:
            say({"fault": str(error)})


class Crew:
    """Processes that end with this one.

    Args:
        command: starts one process, whose `main` ends in `serve_crew`.
        processes: how many.
        greeting: that of a process which may be used.
    """

    def __init__(self, command: Sequence[str], processes: int, greeting: str) -> None:
        self._command = list(command)
        self._processes = processes
        self._greeting = greeting

    def answers(self, questions: Iterable[Any]) -> Generator[Answer | None, None, None]:
        """Answer questions, which must be JSON, in their order.

        Yields:
            The answer; None where no process could give one, so that the caller finds it itself.
        """
        free: SimpleQueue[_Helper] = SimpleQueue()
        helpers = [_Helper(self._command, self._greeting) for _ in range(self._processes)]
        for helper in helpers:
            free.put(helper)
        pool = ThreadPoolExecutor(self._processes, "crew")
        ahead: deque[Future[Answer | None]] = deque()
        try:
            for question in questions:
                ahead.append(pool.submit(_asked, question, free))
                if len(ahead) > 2 * self._processes:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for helper in helpers:
                helper.close()
            pool.shutdown(cancel_futures=True)


def _asked(question: Any, free: SimpleQueue[_Helper]) -> Answer | None:
    helper = free.get()
    try:
        return helper.ask(question)
    finally:
        free.put(helper)


class _Helper:
    """One process of the crew; once it failed it is not asked again."""

    def __init__(self, command: Sequence[str], greeting: str) -> None:
        self._wanted: str | None = greeting
        self._child: subprocess.Popen[str] | None = None
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
            _LOG.warning("a process of a crew could not be started: %s", error)

    def ask(self, question: Any) -> Answer | None:
        """The answer; None when the process is gone, or is not the one that is wanted."""
        if self._wanted is not None:
            said = (self._read() or {}).get("greeting")
            if said != self._wanted:
                _LOG.warning("a process of a crew was not used: it says %r", said)
                self.close()
            self._wanted = None
        child = self._child
        if child is None or child.stdin is None:
            return None
        try:
            child.stdin.write(json.dumps(question) + "\n")
            child.stdin.flush()
        except (OSError, ValueError):
            self.close()
            return None
        return self._read()

    def close(self) -> None:
        """End the process; nothing is lost, since what it was asked is done by its caller."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.communicate()

    def _read(self) -> Answer | None:
        child = self._child
        if child is None or child.stdout is None:
            return None
        try:
            answer: Answer = json.loads(child.stdout.readline())
        except (OSError, ValueError):
            _LOG.warning("a process of a crew ended; its caller goes on in its place")
            self.close()
            return None
        return answer

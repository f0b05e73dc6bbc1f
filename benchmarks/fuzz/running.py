"""Trying inputs on a target, each within its time, and telling apart what goes wrong."""

from __future__ import annotations

import contextlib
import random
import resource
import shutil
import signal
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import psutil
from hypothesis import HealthCheck, Phase, Verbosity, find, given, seed, settings
from hypothesis.errors import HypothesisException

from benchmarks.fuzz.changing import changed
from benchmarks.fuzz.target import Call, Target

LIMIT_SECONDS = 2.0
"""Of this thread's processor time, for one input: others may need the machine."""
WAITING_SECONDS = 10.0
"""By the clock, for one that waits for a disk or a process."""
WARMING_SECONDS = 120.0
"""For the first inputs of a target, which import what the others need."""
WARMING_INPUTS = 6
SHRINKING_SECONDS = 5.0
"""Spent to make an input that fails smaller."""
MIB = 1024 * 1024


_ONLY_MAKING: dict[str, Any] = {
    "database": None,
    "deadline": None,
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
    "verbosity": Verbosity.quiet,
}


class TooSlow(BaseException):
    """An input took longer than it may."""


class Enough(BaseException):
    """The time of a target is over."""


@dataclass(frozen=True)
class Fault:
    """One kind of fault: the same error from the same place is the same.

    Attributes:
        kind: the error's type and where it was raised.
        reason: the error with the end of its traceback.
        given: an input that shows it.
    """

    kind: str
    reason: str
    given: Any


@dataclass
class Outcome:
    """What came of a target.

    Attributes:
        inputs: how many were tried.
        refused: how many of them with an error that is allowed.
        slowest: seconds of the processor.
        longest: seconds by the clock.
        faults: by kind.
        memory: bytes of the process after each round.
    """

    inputs: int = 0
    refused: int = 0
    slowest: float = 0.0
    longest: float = 0.0
    faults: dict[str, Fault] = field(default_factory=dict)
    memory: list[int] = field(default_factory=list)


def warm(target: Target, folder: Path) -> None:
    """Try a few inputs without a clock; what they find is found again."""
    made: list[Any] = []

    @seed(0)
    @settings(**{**_ONLY_MAKING, "max_examples": WARMING_INPUTS})
    @given(target.inputs)
    def one(value: Any) -> None:
        made.append(value)

    one()
    with in_fresh_folder(target, folder) as call:
        for value in made:
            tried(target, call, value, WARMING_SECONDS)


def run_list(target: Target, folder: Path, outcome: Outcome, end: float) -> None:
    """Try the inputs that the target lists, until `end` (monotonic seconds)."""
    listed = iter(target.listed())
    while part := list(islice(listed, target.renewed)):
        with in_fresh_folder(target, folder) as call:
            for value in part:
                if time.monotonic() > end:
                    return
                _try_one(target, call, value, outcome)


@contextmanager
def in_fresh_folder(target: Target, folder: Path) -> Iterator[Call]:
    """The target's call, in an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with target.opened(folder) as call:
        yield call


def run_round(
    target: Target, folder: Path, outcome: Outcome, *, number: int, most: int, seconds: float
) -> None:
    """Try up to `most` inputs in a fresh folder; adds to `outcome`.

    Hypothesis makes a quarter of them, from the seed `number`; the rest are changes of these.
    """
    begun, before = time.monotonic(), outcome.inputs
    with in_fresh_folder(target, folder) as call:
        made = _made(target, call, outcome, number, most // 4, begun + seconds / 2)
        luck = random.Random(number)
        while outcome.inputs < before + most and time.monotonic() < begun + seconds:
            _try_one(target, call, changed(made, luck, target.fixed, typed=target.typed), outcome)
    outcome.memory.append(psutil.Process().memory_info().rss)


def _made(
    target: Target, call: Call, outcome: Outcome, number: int, most: int, end: float
) -> list[Any]:
    """Try what hypothesis makes; gives it."""
    made: list[Any] = []

    @seed(number)
    @settings(**{**_ONLY_MAKING, "max_examples": most})
    @given(target.inputs)
    def one(value: Any) -> None:
        _try_one(target, call, value, outcome)
        made.append(value)
        if time.monotonic() > end:
            raise Enough

    with suppress(Enough):
        one()
    return made


def _try_one(target: Target, call: Call, value: Any, outcome: Outcome) -> None:
    begun, before = time.monotonic(), time.thread_time()
    fault, refused = tried(target, call, value)
    took, waited = time.thread_time() - before, time.monotonic() - begun
    outcome.refused += refused
    outcome.inputs += 1
    outcome.slowest = max(outcome.slowest, took)
    outcome.longest = max(outcome.longest, waited)
    if fault is None and (took > LIMIT_SECONDS or waited > WAITING_SECONDS):
        fault = Fault("TooSlow", f"it took {took:.1f} s, and {waited:.1f} s by the clock", value)
    if fault is not None:
        outcome.faults.setdefault(fault.kind, fault)


def tried(
    target: Target, call: Call, value: Any, most: float = LIMIT_SECONDS
) -> tuple[Fault | None, bool]:
    """Try one input for `most` seconds of the processor.

    Returns:
        What went wrong, and whether it was refused as it may be.
    """
    try:
        with _watched(most):
            call(value)
    except target.allowed:
        return None, True
    except (KeyboardInterrupt, Enough, HypothesisException):
        raise
    except BaseException as error:  # noqa: BLE001
        frames = traceback.extract_tb(error.__traceback__)
        ours = [f for f in frames if "lib_t2p" in f.filename] or frames[-1:]
        kind = f"{type(error).__name__} at {Path(ours[-1].filename).name}:{ours[-1].lineno}"
        told = traceback.format_exception(error, limit=-8)
        return Fault(kind, "".join(told)[-4000:], value), False
    return None, False


def smaller(target: Target, folder: Path, fault: Fault) -> Fault:
    """The smallest input with this fault that is found in a while."""
    end = time.monotonic() + SHRINKING_SECONDS
    least = fault
    with in_fresh_folder(target, folder) as call:

        def shows(value: Any) -> bool:
            nonlocal least
            if time.monotonic() > end:
                raise Enough
            found, _ = tried(target, call, value)
            if found is None or found.kind != fault.kind:
                return False
            if len(repr(value)) < len(repr(least.given)):
                least = found
            return True

        with suppress(HypothesisException, Enough), contextlib.redirect_stdout(None):
            find(target.inputs, shows, settings=settings(database=None, deadline=None))
    return least


@contextmanager
def _watched(most: float) -> Iterator[None]:
    """Raise `TooSlow` in what takes too long; only the main thread can be reached."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    begun, first = time.monotonic(), time.thread_time()

    def late(*_: object) -> None:
        waited = time.monotonic() - begun
        if time.thread_time() - first > most or waited > max(most, WAITING_SECONDS):
            raise TooSlow(f"longer than {most:g} s, by the clock {waited:.1f} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, most, most / 4)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def limit_memory(extra: int) -> None:
    """Let this process take `extra` bytes more than now, so that more is a `MemoryError`."""
    now = psutil.Process().memory_info().vms
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (now + extra, hard))


def growth(memory: list[int]) -> float:
    """MiB that the second half of the rounds added."""
    if len(memory) < 2:
        return 0.0
    return (memory[-1] - memory[len(memory) // 2]) / MIB

"""Runs a program and notes when it printed what, and how much memory it took with its children."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

SAMPLE_SECONDS = 0.25
"""How often memory is looked at; each process's own peak is exact on Linux."""


@dataclass(frozen=True)
class Seen:
    """What was seen of one process.

    Attributes:
        code: exit code.
        seconds: from launch to end.
        step_seconds: from launch to when step n was reported done; [0] is "training begins".
        tree_mb: peak of what the process and its children held together, shared pages once.
        process_mb: peak of the largest single process.
        tail: the last of its output.
    """

    code: int
    seconds: float
    step_seconds: tuple[float, ...]
    tree_mb: float
    process_mb: float
    tail: str


class _Memory:
    """Samples the memory of a process tree."""

    def __init__(self, pid: int) -> None:
        self.tree = 0.0
        self.single: dict[int, float] = {}
        self._root = psutil.Process(pid)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(SAMPLE_SECONDS):
            total = 0.0
            try:
                processes = [self._root, *self._root.children(recursive=True)]
            except psutil.Error:
                return
            for process in processes:
                try:
                    total += _held(process)
                    peak = max(_peak(process), self.single.get(process.pid, 0.0))
                    self.single[process.pid] = peak
                except (psutil.Error, OSError):
                    continue
            self.tree = max(self.tree, total)


def _held(process: psutil.Process) -> float:
    """Megabytes; forked children share pages, so Linux's proportional size is taken."""
    rollup = Path(f"/proc/{process.pid}/smaps_rollup")
    if rollup.exists():
        found = re.search(r"^Pss:\s+(\d+) kB", rollup.read_text(), re.MULTILINE)
        return int(found[1]) / 1000 if found else 0.0
    return float(process.memory_info().rss) / 1e6


def _peak(process: psutil.Process) -> float:
    status = Path(f"/proc/{process.pid}/status")
    if status.exists():
        found = re.search(r"^VmHWM:\s+(\d+) kB", status.read_text(), re.MULTILINE)
        return int(found[1]) / 1000 if found else 0.0
    return float(process.memory_info().rss) / 1e6


def watch(
    argv: Sequence[str], *, cwd: Path, env: Mapping[str, str], step: re.Pattern[str], log: Path
) -> Seen:
    """Run to the end.

    Args:
        argv: program and arguments.
        cwd: where it runs.
        env: variables beside the inherited ones.
        step: finds "step n is done" in what it prints; group 1 is n.
        log: all it printed.
    """
    began = time.perf_counter()
    process = subprocess.Popen(
        list(argv),
        cwd=cwd,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,
    )
    assert process.stdout is not None
    memory = _Memory(process.pid)
    steps: dict[int, float] = {}
    text = ""
    with log.open("wb") as kept:
        while block := process.stdout.read(65536):
            now = time.perf_counter() - began
            kept.write(block)
            text = text[-300:] + block.decode("utf-8", errors="replace")
            for found in step.finditer(text):
                steps.setdefault(int(found[1]), now)
    code = process.wait()
    seconds = time.perf_counter() - began
    memory.stop()
    times = tuple(steps[n] for n in sorted(steps))
    single = max(memory.single.values(), default=0.0)
    tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    return Seen(code, seconds, times, memory.tree, single, tail)

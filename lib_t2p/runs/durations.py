"""What a run that ended well took, kept for later forecasts."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from lib_t2p.diffusion import recognise
from lib_t2p.errors import T2PError
from lib_t2p.jobs import Job
from lib_t2p.jobs.events import Event, EventReader, Metric, Progress, Started
from lib_t2p.jobs.processes import CPU
from lib_t2p.preflight import read_cards
from lib_t2p.preflight.forecasts import (
    Measurement,
    Workload,
    base_size,
    load_measurements,
    record_measurement,
)
from lib_t2p.runs.runs import Run, read_run
from lib_t2p.workspace import RunFolder, Workspace

FEWEST = 3
"""Steps below which a run tells nothing."""

SPEED, MEMORY = "time/seconds_per_step", "memory/peak_mb"
"""Tags of what a trainer tells by itself."""


def measure_run(workspace: Workspace, folder: RunFolder, job: Job) -> Measurement | None:
    """Read a run's events and keep its speed; None when it was too short to tell."""
    try:
        run = read_run(folder)
        events = EventReader(workspace.job(job.id).events).read_new()
        measurement = measured(run, events, _device(job))
    except T2PError:
        # A forecast may be missed; a run that ended well must not fail for it.
        return None
    if measurement is not None:
        record_measurement(workspace.cache, measurement)
    return measurement


def usual_seconds(workspace: Workspace, folder: RunFolder, job: Job) -> float | None:
    """Median seconds per step of the same work on this device before; None without such runs."""
    try:
        run = read_run(folder)
        base = Path(run.checkpoint)
        family = recognise(base)
        size = base_size(base, family)
    except T2PError:
        return None
    work = Workload.of(run.settings, family, run.trainer, _device(job), size)
    like = [m.seconds_per_batch for m in load_measurements(workspace.cache).same(work)]
    if not like:
        return None
    return statistics.median(like) * run.settings.gradient_accumulation_steps


def measured(run: Run, events: Sequence[Event], device: str) -> Measurement | None:
    """Median seconds per batch, from what the trainer told or from its progress.

    Raises:
        CheckpointError: the base checkpoint is gone.
    """
    seconds = _told(events, SPEED) or _between_steps(events)
    if len(seconds) < FEWEST:
        return None
    per_step = statistics.median(seconds)
    base = Path(run.checkpoint)
    family = recognise(base)
    return Measurement(
        work=Workload.of(run.settings, family, run.trainer, device, base_size(base, family)),
        seconds_per_batch=per_step / run.settings.gradient_accumulation_steps,
        start_seconds=_start(events, per_step),
        vram_mb=int(max(_told(events, MEMORY), default=0)),
    )


def _device(job: Job) -> str:
    if not job.device.startswith("gpu:"):
        return CPU
    number = job.device.partition(":")[2].partition("+")[0]
    cards = read_cards()
    return cards[int(number)].name if number.isdigit() and int(number) < len(cards) else ""


def _told(events: Sequence[Event], tag: str) -> list[float]:
    return [e.value for e in events if isinstance(e, Metric) and e.tag == tag and e.value > 0]


def _steps(events: Sequence[Event]) -> list[Progress]:
    return [e for e in events if isinstance(e, Progress) and e.unit == "step"]


def _between_steps(events: Sequence[Event]) -> list[float]:
    pairs = pairwise(_steps(events))
    return [(b.t - a.t) / (b.done - a.done) for a, b in pairs if b.done > a.done and b.t > a.t]


def _start(events: Sequence[Event], per_step: float) -> float:
    begun = next((e.t for e in events if isinstance(e, Started)), None)
    first = next((e for e in _steps(events) if e.done), None)
    if begun is None or first is None:
        return 0.0
    return max(0.0, first.t - begun - per_step * first.done)

"""Seconds of a training: measured here, scaled from what was measured here, or from elsewhere."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from itertools import pairwise

from lib_t2p.diffusion import Family
from lib_t2p.plurals import counted
from lib_t2p.preflight.forecasts.measurements import Measurement, Measurements, Workload

GUIDE_PIXELS = ((512, 0.59), (768, 0.87), (1024, 1.35), (1280, 2.11))
"""(side in px, seconds per step) of the guide's runs: SD1.5, batch 3, bf16, checkpointing."""

GUIDE_BATCHES = ((1, 0.459), (3, 0.844), (11, 2.739))
"""(batch, median seconds per step) at 768 px in the guide's logs of "Batch Size"."""

FULL_PRECISION = 2.7
"""What fp32 takes against bf16 in the guide's logs of "Precision"."""

NO_CHECKPOINTING = 0.75
"""Gradient checkpointing runs the forward pass twice: three passes of about equal cost become
four."""

OPERATIONS = {
    Family.SD15: ((512, 0.80), (768, 2.15), (1024, 4.67), (1280, 9.02)),
    Family.SDXL: ((512, 1.59), (768, 3.64), (1024, 6.76), (1280, 11.20)),
}
"""(side, 10^12 operations) of one forward pass, counted on the U-Nets."""

CPU_SECONDS = ((64, 1.95), (128, 2.5))
"""(side, seconds per step) of sd-scripts v0.9.1 on two processor cores, SD1.5, batch 1, fp32."""

START_SECONDS = 20.0
"""From start to the first step there: 36 s in all for 8 steps of 2 s."""


def run_seconds(
    work: Workload, batches: int, measurements: Measurements, size: float = 1.0
) -> tuple[float, str]:
    """Seconds of a run of so many batches, and a sentence on where the number comes from."""
    same = measurements.same(work)
    if same:
        seconds = statistics.median(m.seconds_per_batch for m in same)
        runs = counted(len(same), "run")
        start = statistics.median(m.start_seconds for m in same)
        return start + batches * seconds, f"Measured on this machine in {runs} of this kind."
    near = measurements.nearest(work)
    if near is not None:
        return _from_nearest(work, near, batches)
    seconds = relative_seconds(work) * size
    if work.device == "cpu":
        text = "Scaled from sd-scripts on two processor cores elsewhere"
    else:
        text = "Scaled from the speeds that the guide saw on its own card"
    return START_SECONDS + batches * seconds, f"{text}: nothing was measured on this machine yet."


def _from_nearest(work: Workload, near: Measurement, batches: int) -> tuple[float, str]:
    seconds = near.seconds_per_batch * relative_seconds(work) / relative_seconds(near.work)
    text = (
        f"Scaled from a run that was measured on this machine ({near.work.family.value}, "
        f"{near.work.side} px, batch {near.work.batch}, {near.work.trainer})."
    )
    return near.start_seconds + batches * seconds, text


def relative_seconds(work: Workload) -> float:
    """Seconds per batch on the guide's card, or on the two cores when `work` is for a processor."""
    model = _at(work.side, OPERATIONS[work.family]) / _at(work.side, OPERATIONS[Family.SD15])
    if work.device == "cpu":
        return _at(work.side, CPU_SECONDS) * work.batch * model
    seconds = _at(work.side, GUIDE_PIXELS) * model
    seconds *= _line(work.batch, GUIDE_BATCHES) / GUIDE_BATCHES[1][1]
    seconds *= FULL_PRECISION if work.precision == "no" else 1.0
    return seconds if work.checkpointing else seconds * NO_CHECKPOINTING


def _at(side: float, table: Sequence[tuple[int, float]]) -> float:
    """Between two sides the value follows the area."""
    return _line(side * side, [(s * s, value) for s, value in table])


def _line(x: float, table: Sequence[tuple[int, float]]) -> float:
    pairs = list(pairwise(table))
    (x0, y0), (x1, y1) = next((p for p in pairs if x <= p[1][0]), pairs[-1])
    return max(y0 + (x - x0) * (y1 - y0) / (x1 - x0), table[0][1] / 4)

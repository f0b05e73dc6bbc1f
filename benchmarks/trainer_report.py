"""What a pair of trainings measured, and the table of ratios."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from benchmarks.paired import Interval, difference_interval, ratio_interval
from benchmarks.watching import Seen
from lib_t2p.cli_output import Output


@dataclass(frozen=True)
class Measured:
    """One training, in seconds and megabytes.

    Attributes:
        total: from launch to end.
        start: from launch to when the training loop begins.
        first: from launch to when the first step is done.
        step: mean of the steps after the first.
        tree_mb: peak with children.
        process_mb: peak of the largest process.
        losses: of each step.
    """

    total: float
    start: float
    first: float
    step: float
    tree_mb: float
    process_mb: float
    losses: list[float]

    @classmethod
    def of(cls, seen: Seen, events: Path) -> Measured:
        """Take over what was seen and read the losses."""
        begin, first, *_, last = seen.step_seconds
        step = (last - first) / (len(seen.step_seconds) - 2)
        losses = _losses(events)
        return cls(seen.seconds, begin, first, step, seen.tree_mb, seen.process_mb, losses)


def _losses(events: Path) -> list[float]:
    (file,) = events.rglob("events.out.tfevents.*")
    accumulator = EventAccumulator(str(file))
    accumulator.Reload()
    return [scalar.value for scalar in accumulator.Scalars("loss/current")]


TARGETS: Mapping[str, tuple[float, str]] = {
    "steps per second": (1.0, "at least"),
    "start to first step begun": (0.5, "at most"),
    "start to first step done": (0.5, "at most"),
    "whole run, times faster": (1.5, "at least"),
    "peak memory, largest process": (0.85, "at most"),
    "peak memory with children": (0.85, "at most"),
}
"""What each ratio of ours to sd-scripts' must reach."""

Pair = tuple[Measured, Measured]


def summary(pairs: Sequence[Pair]) -> dict[str, Any]:
    """All ratios with their intervals, the medians of both sides, and how the losses agree."""
    ours, theirs = [a for a, _ in pairs], [b for _, b in pairs]

    def ratio(name: str, *, inverse: bool = False) -> dict[str, float]:
        one, two = ([getattr(m, name) for m in side] for side in (ours, theirs))
        found = ratio_interval(two, one) if inverse else ratio_interval(one, two)
        return {
            **vars(found),
            "builtin": statistics.median(one),
            "sd-scripts": statistics.median(two),
        }

    return {
        "ratios": {
            "steps per second": ratio("step", inverse=True),
            "start to first step begun": ratio("start"),
            "start to first step done": ratio("first"),
            "whole run, times faster": ratio("total", inverse=True),
            "peak memory, largest process": ratio("process_mb"),
            "peak memory with children": ratio("tree_mb"),
        },
        "losses": loss_agreement([m.losses for m in ours], [m.losses for m in theirs]),
    }


def loss_agreement(
    ours: Sequence[Sequence[float]], theirs: Sequence[Sequence[float]]
) -> dict[str, Any]:
    """How far the loss curves lie apart, against how far repeats of one trainer do.

    Returns:
        The mean loss of each run, the difference of the means with its interval, the spread of
        each trainer's repeats (largest less smallest), and whether they agree: the difference is
        within the larger spread and its interval holds 0. None with fewer than two rounds.
    """
    one, two = ([statistics.fmean(run) for run in side] for side in (ours, theirs))
    spread = max(max(side) - min(side) for side in (one, two))
    found: dict[str, Any] = {"builtin": one, "sd-scripts": two, "spread": spread, "agree": None}
    if len(one) >= 2 and len(two) >= 2:
        apart = difference_interval(one, two)
        found["difference"] = vars(apart)
        found["agree"] = apart.low <= 0 <= apart.high and abs(apart.middle) <= spread
    return found


def print_report(
    output: Output,
    title: str,
    facts: Mapping[str, Any],
    targets: Mapping[str, tuple[float, str]],
) -> bool:
    """Print the table; True when a target is missed."""
    rows, missed = [], False
    for name, ratio in facts["ratios"].items():
        interval = Interval(ratio["middle"], ratio["low"], ratio["high"])
        limit, side = targets.get(name, (0.0, ""))
        reached = not side or (
            interval.middle >= limit if side == "at least" else interval.middle <= limit
        )
        missed |= not reached
        said = f"{side} {limit:g}: {'yes' if reached else 'MISSED'}" if side else ""
        values = [f"{ratio[key]:.2f}" for key in ("builtin", "sd-scripts")]
        rows.append([name, *values, str(interval), said])
    output.line(f"\n{title}")
    output.table(["", "built-in", "sd-scripts", "ratio (95 %)", "target"], rows)
    return _print_losses(output, facts["losses"]) or missed


def _print_losses(output: Output, losses: Mapping[str, Any]) -> bool:
    if "difference" not in losses:
        return False
    apart = Interval(**losses["difference"])
    verdict = "agree" if losses["agree"] else "DO NOT AGREE"
    output.line(
        f"  mean loss, ours less theirs: {apart.middle:+.4f} ({apart.low:+.4f} to "
        f"{apart.high:+.4f}); repeats of one trainer spread over {losses['spread']:.4f}: {verdict}"
    )
    return not losses["agree"]

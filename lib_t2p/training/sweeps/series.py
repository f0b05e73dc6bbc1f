"""From the curves of runs to what a plot draws: one line per setting, repeats as a band."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib_t2p.training.sweeps.collecting import Collected

Numbers = npt.NDArray[np.float64]

SMOOTH_SHARE = 50
"""A line is smoothed over a fiftieth of the run, as TensorBoard's default is to the eye."""


@dataclass(frozen=True)
class Series:
    """One setting on a plot.

    Attributes:
        name: of the group.
        steps: of the line, rising.
        raw: mean of the repeats at each step, as logged.
        smooth: the same, smoothed.
        low: smallest of the smoothed repeats; equal to `smooth` with a single run.
        high: largest of them.
        repeats: how many runs.
    """

    name: str
    steps: Numbers
    raw: Numbers
    smooth: Numbers
    low: Numbers
    high: Numbers
    repeats: int


def series_of(
    runs: Sequence[Collected], tags: Sequence[str], *, smoothed: bool, counted: bool = False
) -> list[Series]:
    """One series per group that has any of the tags.

    Args:
        runs: of a sweep.
        tags: the first of them that a run has is taken.
        smoothed: whether lines are smoothed.
        counted: whether points are counted from 1 instead of by their steps: sd-scripts logs a
            loss per epoch under the number of the epoch, the built-in trainer under the step.
    """
    groups: dict[str, list[dict[int, float]]] = {}
    for run in runs:
        tag = next((t for t in tags if run.told.points.get(t)), None)
        if tag is not None:
            numbered = enumerate(run.told.points[tag], start=1)
            points = {n if counted else s: v for n, (s, v) in numbered if math.isfinite(v)}
            if points:
                groups.setdefault(run.result.group, []).append(points)
    return [_series(name, members, smoothed) for name, members in groups.items()]


def points_csv(runs: Sequence[Collected]) -> str:
    """Every point of every curve."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["run", "seed", "tag", "step", "value"])
    for run in runs:
        for tag, points in run.told.points.items():
            for step, value in points:
                writer.writerow([run.result.name, run.result.seed, tag, step, value])
    return out.getvalue()


def smooth(values: Numbers) -> Numbers:
    """A mean over the last values, weighted towards the newest, without the lag of a cold start."""
    span = max(1.0, len(values) / SMOOTH_SHARE)
    keep = 1 - 1 / span
    out = np.empty_like(values)
    mean = weight = 0.0
    for n, value in enumerate(values):
        mean = keep * mean + (1 - keep) * value
        weight = keep * weight + (1 - keep)
        out[n] = mean / weight
    return out


def _series(name: str, members: list[dict[int, float]], smoothed: bool) -> Series:
    # A run that was cut off must not shorten the line of the others.
    steps = np.array(sorted(set().union(*members)), dtype=np.float64)
    rows = []
    for points in members:
        known = np.array(sorted(points), dtype=np.float64)
        values = np.array([points[int(step)] for step in known], dtype=np.float64)
        row = np.interp(steps, known, smooth(values) if smoothed else values)
        row[steps > known[-1]] = np.nan
        rows.append((row, np.interp(steps, known, values)))
    lines = np.array([row for row, _ in rows])
    return Series(
        name=name,
        steps=steps,
        raw=np.mean([raw for _, raw in rows], axis=0),
        smooth=np.nanmean(lines, axis=0),
        low=np.nanmin(lines, axis=0),
        high=np.nanmax(lines, axis=0),
        repeats=len(members),
    )

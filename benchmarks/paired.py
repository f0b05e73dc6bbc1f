"""Ratios of paired measurements with their 95 % intervals."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

# Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom.
_T = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
    2.052, 2.048, 2.045, 2.042,
)  # fmt: skip


@dataclass(frozen=True)
class Interval:
    """A value and where it lies with 95 % confidence.

    Attributes:
        middle: the estimate.
        low: lower end; minus infinity for a single measurement.
        high: upper end; infinity for a single measurement.
    """

    middle: float
    low: float
    high: float

    def __str__(self) -> str:
        if math.isinf(self.high):
            return f"{self.middle:.3f} (one measurement)"
        return f"{self.middle:.3f} ({self.low:.3f} to {self.high:.3f})"


def mean_interval(values: Sequence[float]) -> Interval:
    """Mean of measurements that may be taken as normal; at least one."""
    mean = statistics.fmean(values)
    if len(values) < 2:
        return Interval(mean, -math.inf, math.inf)
    half = quantile(len(values) - 1) * statistics.stdev(values) / math.sqrt(len(values))
    return Interval(mean, mean - half, mean + half)


def ratio_interval(ours: Sequence[float], theirs: Sequence[float]) -> Interval:
    """Geometric mean of ours / theirs, pair by pair; all positive, of the same length."""
    logs = [math.log(a / b) for a, b in zip(ours, theirs, strict=True)]
    of_logs = mean_interval(logs)
    low, high = (
        math.exp(x) if math.isfinite(x) else max(0.0, x) for x in (of_logs.low, of_logs.high)
    )
    return Interval(math.exp(of_logs.middle), low, high)


def difference_interval(ours: Sequence[float], theirs: Sequence[float]) -> Interval:
    """Difference of the means of two unpaired samples (Welch); at least two of each."""
    middle = statistics.fmean(ours) - statistics.fmean(theirs)
    parts = [statistics.variance(sample) / len(sample) for sample in (ours, theirs)]
    error = sum(parts)
    if not error:
        return Interval(middle, middle, middle)
    below = sum(
        part**2 / (len(sample) - 1) for part, sample in zip(parts, (ours, theirs), strict=True)
    )
    half = quantile(max(1, int(error**2 / below))) * math.sqrt(error)
    return Interval(middle, middle - half, middle + half)


def quantile(freedom: int) -> float:
    """Two-sided 95 % quantile of Student's t; 1.96 above the table."""
    return _T[freedom - 1] if freedom <= len(_T) else 1.96

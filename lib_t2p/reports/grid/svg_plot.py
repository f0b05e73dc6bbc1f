"""Small line plots as inline SVG; colours come from the page, so that they follow its theme."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 520, 260
LEFT, RIGHT, TOP, BOTTOM = 62, 12, 12, 34
COLOURS = 6
"""`--line-1` to `--line-6` are defined by the page."""
LOG_RATIO = 50
"""Positive values that span more than this ratio are drawn on a logarithmic scale."""

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Series:
    """One named line: (step, value) pairs with finite values."""

    name: str
    points: Points


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    log: bool

    def share(self, value: float) -> float:
        """0 at `low`, 1 at `high`."""
        if self.log:
            return (math.log10(value) - math.log10(self.low)) / self._decades
        return (value - self.low) / (self.high - self.low)

    @property
    def _decades(self) -> float:
        return math.log10(self.high) - math.log10(self.low)

    def ticks(self) -> list[float]:
        """Round values between the ends."""
        if not self.log:
            return _round_ticks(self.low, self.high)
        first, last = math.ceil(math.log10(self.low)), math.floor(math.log10(self.high))
        step = max(1, math.ceil((last - first + 1) / 6))
        return [10.0**n for n in range(first, last + 1, step)] or [self.low, self.high]


def line_plot(title: str, series: Sequence[Series]) -> str:
    """Draw the lines with axes and, for more than one line, a legend.

    Args:
        title: for people who cannot see the plot.
        series: at least one with at least one point.
    """
    steps = [x for line in series for x, _ in line.points]
    values = [y for line in series for _, y in line.points]
    across, up = _Scale(min(steps), max(*steps, min(steps) + 1), log=False), _scale(values)
    parts = [_tick_y(up, tick) for tick in up.ticks()]
    parts += [_tick_x(across, tick) for tick in across.ticks()]
    parts.append(f'<text class="unit" x="{WIDTH - RIGHT}" y="{HEIGHT - 4}">step</text>')
    for n, line in enumerate(series):
        parts.append(_line(line.points, across, up, n % COLOURS + 1))
    body = "".join(parts)
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
    svg = f'<svg class="plot" {box} role="img" aria-label="{escape(title)}">{body}</svg>'
    return svg + (_legend(series) if len(series) > 1 else "")


def interval_bar(
    low: float, mean: float, high: float, *, band: tuple[float, float] | None, end: float
) -> str:
    """A mean with its interval on a scale from 0 to `end`, with a shaded band behind."""
    scale = 150 / end if end > 0 else 0.0
    shade = ""
    if band:
        left, wide = band[0] * scale, max(2.0, (band[1] - band[0]) * scale)
        shade = f'<rect class="band" x="{left:.1f}" y="0" width="{wide:.1f}" height="18"/>'
    return (
        '<svg class="bar" viewBox="-4 0 158 18" aria-hidden="true">'
        f'<line class="base" x1="0" x2="150" y1="9" y2="9"/>{shade}'
        f'<line class="range" x1="{low * scale:.1f}" x2="{high * scale:.1f}" y1="9" y2="9"/>'
        f'<circle cx="{mean * scale:.1f}" cy="9" r="4"/></svg>'
    )


def change_bar(low: float, mean: float, high: float, *, end: float) -> str:
    """A change with its interval on a scale from -`end` to `end`, 0 in the middle."""
    scale = 75 / end if end > 0 else 0.0
    at = [75 + max(-end, min(end, value)) * scale for value in (low, mean, high)]
    return (
        '<svg class="bar" viewBox="-4 0 158 18" aria-hidden="true">'
        '<line class="base" x1="75" x2="75" y1="0" y2="18"/>'
        f'<line class="range" x1="{at[0]:.1f}" x2="{at[2]:.1f}" y1="9" y2="9"/>'
        f'<circle cx="{at[1]:.1f}" cy="9" r="4"/></svg>'
    )


def _scale(values: Sequence[float]) -> _Scale:
    low, high = min(values), max(values)
    if low > 0 and high / low > LOG_RATIO:
        return _Scale(low, high, log=True)
    if high == low:
        room = abs(high) or 1.0
        return _Scale(low - room / 2, high + room / 2, log=False)
    margin = (high - low) * 0.06
    return _Scale(low - margin, high + margin, log=False)


def _round_ticks(low: float, high: float) -> list[float]:
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= rough)
    return [n * step for n in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _x(scale: _Scale, value: float) -> float:
    return LEFT + scale.share(value) * (WIDTH - LEFT - RIGHT)


def _y(scale: _Scale, value: float) -> float:
    return HEIGHT - BOTTOM - scale.share(value) * (HEIGHT - TOP - BOTTOM)


def _tick_y(scale: _Scale, value: float) -> str:
    y = _y(scale, value)
    return (
        f'<line class="rule" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="y" x="{LEFT - 6}" y="{y + 4:.1f}">{value:.4g}</text>'
    )


def _tick_x(scale: _Scale, value: float) -> str:
    return f'<text class="x" x="{_x(scale, value):.1f}" y="{HEIGHT - 16}">{value:.6g}</text>'


def _line(points: Points, across: _Scale, up: _Scale, colour: int) -> str:
    if len(points) == 1:
        x, y = _x(across, points[0][0]), _y(up, points[0][1])
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" style="fill:var(--line-{colour})"/>'
    path = " ".join(f"{_x(across, x):.1f},{_y(up, y):.1f}" for x, y in points)
    return f'<polyline points="{path}" style="stroke:var(--line-{colour})"/>'


def _legend(series: Sequence[Series]) -> str:
    keys = (
        f'<span><i style="background:var(--line-{n % COLOURS + 1})"></i>{escape(line.name)}</span>'
        for n, line in enumerate(series)
    )
    return f'<p class="keys">{"".join(keys)}</p>'

"""Line charts and scatter plots as inline SVG; their colours come from the page, light or dark.

A scatter plot shows two measures, both better when lower, with the Pareto front.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from lib_t2p.scores import verdict

WIDTH, HEIGHT = 560, 220
"""Of the drawing, in its own units; the page scales it."""

LEFT, RIGHT, TOP, BOTTOM = 62, 12, 12, 30
MOST_POINTS = 240


@dataclass(frozen=True)
class Line:
    """One curve.

    Attributes:
        label: shown in the legend.
        steps: x values, not decreasing.
        values: y values, as many as `steps`; those that are not finite leave a gap.
        strong: drawn thick; others are thin and pale.
    """

    label: str
    steps: Sequence[float]
    values: Sequence[float]
    strong: bool = True


def chart(title: str, lines: Sequence[Line], *, log: bool = False, x_label: str = "step") -> str:
    """Draw curves over steps.

    Args:
        title: heading of the chart.
        lines: at most four.
        log: logarithmic y axis; values of 0 or below are left out.
        x_label: name of the x axis.

    Returns:
        A `<figure>` with an SVG and a legend, or nothing when no point can be drawn.
    """
    cleaned = [_thinned(_drawable(line, log)) for line in lines]
    points = [p for line in cleaned for p in zip(line.steps, line.values, strict=True)]
    if not points:
        return ""
    scale = Scale.around(points, log)
    parts = [axes(scale, x_label), *(_path(n, line, scale) for n, line in enumerate(cleaned))]
    legend = "".join(
        f'<span class="t2p-line-{n}">{escape(line.label)} {_number(line.values[-1])}</span>'
        for n, line in enumerate(cleaned)
        if line.values
    )
    return (
        f'<figure class="t2p-chart"><figcaption>{escape(title)}<span>{legend}</span></figcaption>'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg></figure>"
    )


@dataclass(frozen=True)
class Scale:
    """From values to places in the drawing; `y0` and `y1` are logarithms where `log` is."""

    x0: float
    x1: float
    y0: float
    y1: float
    log: bool

    @classmethod
    def around(cls, points: Sequence[tuple[float, float]], log: bool) -> Scale:
        """One that holds all points, which are at least one."""
        xs = [p[0] for p in points]
        ys = [math.log10(p[1]) if log else p[1] for p in points]
        low, high = min(ys), max(ys)
        room = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
        return cls(
            min(xs), max(xs) if max(xs) > min(xs) else min(xs) + 1, low - room, high + room, log
        )

    def x(self, value: float) -> float:
        """Units from the left."""
        return LEFT + (WIDTH - LEFT - RIGHT) * (value - self.x0) / (self.x1 - self.x0)

    def y(self, value: float) -> float:
        """Units from the top."""
        height = math.log10(value) if self.log else value
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (height - self.y0) / (self.y1 - self.y0)

    def y_ticks(self) -> list[float]:
        """Round values for the lines across."""
        if self.log and self.y1 - self.y0 > 1:
            whole = range(math.ceil(self.y0), math.floor(self.y1) + 1)
            return [10.0**n for n in whole][:: max(1, len(whole) // 5)]
        ticks = _round_ticks(self.y0, self.y1, 6)
        return [10.0**t for t in ticks] if self.log else ticks


def _drawable(line: Line, log: bool) -> Line:
    pairs = [
        (x, y)
        for x, y in zip(line.steps, line.values, strict=True)
        if math.isfinite(y) and (y > 0 or not log)
    ]
    return Line(line.label, [p[0] for p in pairs], [p[1] for p in pairs], line.strong)


def _thinned(line: Line) -> Line:
    every = max(1, len(line.steps) // MOST_POINTS)
    keep = sorted({*range(0, len(line.steps), every), len(line.steps) - 1} - {-1})
    return Line(
        line.label, [line.steps[n] for n in keep], [line.values[n] for n in keep], line.strong
    )


def _path(number: int, line: Line, scale: Scale) -> str:
    if not line.steps:
        return ""
    places = [
        f"{scale.x(x):.1f},{scale.y(y):.1f}" for x, y in zip(line.steps, line.values, strict=True)
    ]
    weight = "t2p-strong" if line.strong else "t2p-faint"
    last_x, last_y = places[-1].split(",")
    dot = f'<circle cx="{last_x}" cy="{last_y}" r="3"/>' if line.strong else ""
    return f'<g class="t2p-line-{number} {weight}"><polyline points="{" ".join(places)}"/>{dot}</g>'


def axes(scale: Scale, x_label: str) -> str:
    """Lines across, numbers of both axes and the name of the lower one."""
    rows = "".join(
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{scale.y(v):.1f}" y2="{scale.y(v):.1f}"/>'
        f'<text x="{LEFT - 6}" y="{scale.y(v) + 4:.1f}" text-anchor="end">{_number(v)}</text>'
        for v in scale.y_ticks()
    )
    columns = "".join(
        f'<text x="{scale.x(v):.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">'
        f"{_number(v)}</text>"
        for v in _round_ticks(scale.x0, scale.x1, 6)
    )
    name = f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 2}" text-anchor="end">{escape(x_label)}</text>'
    return f'<g class="t2p-axes">{rows}{columns}{name}</g>'


def _round_ticks(low: float, high: float, about: int) -> list[float]:
    step = 10 ** math.floor(math.log10((high - low) / about))
    for factor in (1, 2, 5, 10):
        if (high - low) / (step * factor) <= about:
            step *= factor
            break
    first = math.ceil(low / step)
    return [n * step for n in range(first, math.floor(high / step) + 1)]


def _number(value: float) -> str:
    size = abs(value)
    if size and (size < 0.001 or size >= 100_000):
        return f"{value:.1e}".replace("e-0", "e-").replace("e+0", "e")
    return f"{value:.3g}" if size < 1000 else f"{value:.0f}"


ROOM = 0.08
"""Of the range, left free around the points."""
NAMED = 8
"""Points of the front that get their names; more would lie upon each other."""


@dataclass(frozen=True)
class Dot:
    """One point.

    Attributes:
        label: its name.
        x: first measure; lower is better.
        y: second one; lower is better.
        marked: drawn large: the one to take.
        faint: pale: it may not be taken.
    """

    label: str
    x: float
    y: float
    marked: bool = False
    faint: bool = False


def scatter(title: str, x_label: str, y_label: str, dots: Sequence[Dot]) -> str:
    """Draw the points and the front of those that may be taken.

    Returns:
        A `<figure>` with an SVG, or nothing with fewer than two points.
    """
    if len(dots) < 2:
        return ""
    scale = _scale(dots)
    usable = [dot for dot in dots if not dot.faint] or list(dots)
    best = sorted(
        (usable[n] for n in verdict.front([(d.x, d.y) for d in usable])), key=lambda d: d.x
    )
    line = " ".join(f"{scale.x(d.x):.1f},{scale.y(d.y):.1f}" for d in best)
    path = f'<g class="t2p-line-0 t2p-faint"><polyline points="{line}"/></g>'
    points = "".join(_point(dot, scale) for dot in dots)
    names = "".join(_name(dot, scale) for dot in best[:NAMED])
    upright = (
        f'<g class="t2p-axes"><text x="{LEFT}" y="{TOP - 2}">{escape(y_label)} '
        "\u2193 better</text></g>"
    )
    return (
        f'<figure class="t2p-chart" id="t2p_grid_pareto"><figcaption>{escape(title)}</figcaption>'
        f'<svg viewBox="0 -8 {WIDTH} {HEIGHT + 8}" role="img" aria-label="{escape(title)}">'
        f"{axes(scale, f'{x_label} (left is better)')}{upright}{path}{points}{names}</svg></figure>"
    )


def _scale(dots: Sequence[Dot]) -> Scale:
    xs, ys = [dot.x for dot in dots], [dot.y for dot in dots]
    wide = (max(xs) - min(xs)) * ROOM or 0.01
    high = (max(ys) - min(ys)) * ROOM or 0.01
    return Scale(min(xs) - wide, max(xs) + wide, min(ys) - high, max(ys) + high, log=False)


def _point(dot: Dot, scale: Scale) -> str:
    colour = 3 if dot.faint else 1 if dot.marked else 0
    radius = 7 if dot.marked else 4
    told = escape(f"{dot.label}: {dot.x:.3f}, {dot.y:.3f}")
    return (
        f'<g class="t2p-line-{colour}"><circle cx="{scale.x(dot.x):.1f}" '
        f'cy="{scale.y(dot.y):.1f}" r="{radius}"><title>{told}</title></circle></g>'
    )


def _name(dot: Dot, scale: Scale) -> str:
    x = scale.x(dot.x)
    # On the right half names go to the left, so that they stay inside.
    anchor, by = ("end", -9) if x > (LEFT + WIDTH - RIGHT) / 2 else ("start", 9)
    y = min(max(scale.y(dot.y) - 6, TOP + 10), HEIGHT - BOTTOM - 4)
    return f'<text x="{x + by:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(dot.label)}</text>'

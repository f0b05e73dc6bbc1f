"""A scatter plot as inline SVG, with the Pareto front: two measures, both better when lower."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from lib_t2p.scores import verdict
from lib_t2p.ui.svg_chart import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Scale, axes

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

from __future__ import annotations

import math
import re
from xml.dom import minidom

from lib_t2p.ui.svg_chart import MOST_POINTS, Line, chart


def svg_of(html: str) -> minidom.Document:
    return minidom.parseString(html[html.index("<svg") : html.index("</svg>") + 6])


def points_of(html: str) -> list[tuple[float, float]]:
    drawn = re.search(r'points="([^"]+)"', html)
    assert drawn
    return [tuple(map(float, p.split(","))) for p in drawn.group(1).split()]  # type: ignore[misc]


def test_rising_values_are_drawn_rising_from_left_to_right():
    points = points_of(chart("Loss", [Line("a", [1, 2, 3], [0.1, 0.2, 0.3])]))
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    assert [y for _, y in points] == sorted((y for _, y in points), reverse=True)


def test_equal_ratios_are_equally_far_apart_on_a_logarithmic_axis():
    ys = [
        y for _, y in points_of(chart("lr", [Line("a", [1, 2, 3], [1e-6, 1e-5, 1e-4])], log=True))
    ]
    assert math.isclose(ys[0] - ys[1], ys[1] - ys[2], abs_tol=0.2)


def test_no_points_draw_nothing():
    assert chart("Loss", [Line("a", [], [])]) == ""
    assert chart("Loss", [Line("a", [1], [float("nan")])]) == ""
    assert chart("lr", [Line("a", [1, 2], [0.0, -1.0])], log=True) == ""


def test_values_that_are_not_finite_are_left_out():
    values = [0.5, float("nan"), float("inf"), 0.4]
    assert len(points_of(chart("Loss", [Line("a", [1, 2, 3, 4], values)]))) == 2


def test_a_single_point_and_a_flat_curve_can_be_drawn():
    svg_of(chart("Loss", [Line("a", [7], [0.0])]))
    svg_of(chart("Loss", [Line("a", [1, 2], [0.25, 0.25])]))


def test_long_curves_are_thinned_but_keep_their_last_point():
    steps = list(range(10_001))
    points = points_of(chart("Loss", [Line("a", steps, [float(s) for s in steps])]))
    assert len(points) <= 2 * MOST_POINTS
    assert points[-1][0] == max(x for x, _ in points)


def test_labels_are_escaped():
    html = chart("<b>", [Line("<script>", [1, 2], [1.0, 2.0])])
    assert "<script>" not in html
    assert "<b>" not in html

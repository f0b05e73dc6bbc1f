"""The legend as a table: what each line is, and its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lib_t2p.reports.plots.runs import PlottedRun
from lib_t2p.reports.plots.style import FAINT, INK, RULE, Pen, short

ROW = 0.225
"""Inches."""

COLUMNS = (("last loss", 0.60), ("min loss", 0.70), ("peak d×lr", 0.81), ("s/step", 0.89))
MINUTES_AT = 0.975
LONGEST_NAME = 58


def draw_legend(
    figure: Figure,
    entries: Sequence[tuple[PlottedRun, Pen]],
    notes: int,
    below: float,
    height: float,
) -> None:
    """Draw the table into the lower part of a figure.

    Args:
        figure: with a plot above.
        entries: runs and their pens.
        notes: lines of notes that stand above the table.
        below: inches from the lower edge to the plot.
        height: inches of the figure.
    """
    top = below - 0.5 - 0.2 * notes
    heads = [*COLUMNS, ("minutes", MINUTES_AT)]
    for name, x in heads:
        figure.text(x, top / height, name, color=FAINT, size=8.5, ha="right", va="center")
    _rule(figure, (top - ROW / 2) / height)
    for index, (run, pen) in enumerate(entries):
        y = (top - ROW * (index + 1)) / height
        figure.add_artist(Line2D([0.02, 0.05], [y, y], color=pen.colour, linestyle=pen.dash, lw=3))
        figure.text(0.06, y, _name(run.name), color=INK, size=9, va="center")
        for (_, x), text in zip(heads, _cells(run), strict=True):
            figure.text(x, y, text, color=INK, size=9, ha="right", va="center")


def _cells(run: PlottedRun) -> list[str]:
    numbers = run.numbers
    taken = run.minutes if run.minutes is not None else numbers.minutes
    return [
        short(numbers.final_average_loss),
        short(numbers.least_average_loss),
        short(numbers.peak_dlr),
        "–" if numbers.seconds_per_step is None else f"{numbers.seconds_per_step:.2f}",
        "–" if taken is None else f"{taken:.1f}",
    ]


def _name(name: str) -> str:
    # A dollar sign would begin a formula.
    cut = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    return cut.replace("$", r"\$")


def _rule(figure: Figure, y: float) -> None:
    figure.add_artist(Line2D([0.02, MINUTES_AT], [y, y], color=RULE, lw=1))

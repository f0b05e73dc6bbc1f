"""One plot: lines above, below a legend as a table: what each line is, and its numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PIL import Image

from lib_t2p.curves import Curve, Numbers
from lib_t2p.files import whole_file
from lib_t2p.pictures import open_picture
from lib_t2p.reports.plots.plotted_runs import PlotKind, PlottedRun
from lib_t2p.reports.plots.style import FAINT, INK, RULE, Pen, pen, short, smoothed

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
    for index, (run, mark) in enumerate(entries):
        y = (top - ROW * (index + 1)) / height
        figure.add_artist(
            Line2D([0.02, 0.05], [y, y], color=mark.colour, linestyle=mark.dash, lw=3)
        )
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


UNSETTLED = 20
"""A twentieth of a line at its start is the mean of few numbers, and does not set the scale."""

WIDTH, PLOT_HEIGHT, DPI, COLOURS = 10.0, 4.3, 130, 160
LOGARITHMIC_FROM = 30.0
"""Where the highest peak is so many times the lowest, a linear axis would hide the lower."""

RAW_INK = 0.45
"""Opacity of all raw lines together."""

FLOOR = 1e-3
"""Of the lowest peak: a schedule ends at 0, which a logarithmic axis cannot show."""


@dataclass(frozen=True)
class PlotLine:
    """One run's line: its raw numbers and what is drawn strongly."""

    run: PlottedRun
    pen: Pen
    raw: Curve
    strong: Numbers


def lines_of(runs: Sequence[PlottedRun], kind: PlotKind) -> list[PlotLine]:
    """Lines of the runs that have such a curve; a run has the same pen in all plots."""
    lines = []
    for index, run in enumerate(runs):
        raw = kind.curve(run.curves).finite()
        if len(raw):
            strong = smoothed(raw) if kind.smooth else raw.values
            lines.append(PlotLine(run, pen(index, len(runs)), raw, strong))
    return lines


def draw(
    path: Path, kind: PlotKind, lines: Sequence[PlotLine], title: str, notes: Sequence[str]
) -> Path:
    """Draw a plot as PNG; raises `WorkspaceError` when it cannot be written."""
    below = ROW * (len(lines) + 1) + 0.2 * len(notes) + 0.62
    height = PLOT_HEIGHT + below
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
    axes = figure.add_axes((0.075, (below + 0.05) / height, 0.905, (PLOT_HEIGHT - 0.5) / height))
    heading = f"{title}: {kind.title[0].lower()}{kind.title[1:]}" if title else kind.title
    figure.text(0.02, 1 - 0.16 / height, heading, color=INK, size=13, weight="bold", va="top")
    _bands(axes, lines)
    for line in lines:
        _draw_line(axes, line, RAW_INK / (len(lines) + 2) if kind.smooth else 0.0)
    _scale(axes, kind, lines)
    _dress(axes, kind)
    for row, note in enumerate(notes):
        y = (below - 0.5 - 0.2 * row) / height
        figure.text(0.02, y, note, color="#a04a00", size=9, va="center")
    draw_legend(figure, [(line.run, line.pen) for line in lines], len(notes), below, height)
    drawn = io.BytesIO()
    figure.savefig(drawn, dpi=DPI, format="png")
    with whole_file(path) as partial, open_picture(drawn) as picture:
        # A palette makes the file a third as large; many are put into one report.
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(partial, format="PNG", optimize=True)
    return path


def _draw_line(axes: Axes, line: PlotLine, faint: float) -> None:
    colour = line.pen.colour
    if faint:
        axes.plot(line.raw.steps, line.raw.values, color=colour, alpha=faint, lw=0.6, zorder=1)
    axes.plot(
        line.raw.steps,
        line.strong,
        color=colour,
        linestyle=line.pen.dash,
        lw=line.pen.width,
        zorder=3,
        marker="o" if len(line.raw) == 1 else None,
        solid_capstyle="round",
    )


def _bands(axes: Axes, lines: Sequence[PlotLine]) -> None:
    """Shade what lies between repeats of the same settings: that much is noise."""
    groups: dict[str, list[PlotLine]] = {}
    for line in lines:
        if line.run.group:
            groups.setdefault(line.run.group, []).append(line)
    for members in groups.values():
        if len(members) < 2:
            continue
        end = min(int(line.raw.steps[-1]) for line in members)
        x = members[0].raw.steps[members[0].raw.steps <= end]
        if not len(x):
            continue
        values = [np.interp(x, line.raw.steps, line.strong) for line in members]
        low, high = np.min(values, axis=0), np.max(values, axis=0)
        axes.fill_between(x, low, high, color=members[0].pen.colour, alpha=0.2, lw=0, zorder=2)


def _scale(axes: Axes, kind: PlotKind, lines: Sequence[PlotLine]) -> None:
    if kind.smooth:
        # The running means count; single numbers reach far above them.
        settled = [line.strong[len(line.strong) // UNSETTLED :] for line in lines]
        low = min(float(values.min()) for values in settled)
        high = max(float(values.max()) for values in settled)
        room = 0.35 * (high - low) or 0.1 * abs(high) or 1.0
        axes.set_ylim(max(low - room, 0.0) if low >= 0 else low - room, high + room)
        return
    peaks = [peak for line in lines if (peak := float(line.strong.max())) > 0]
    if peaks and max(peaks) > LOGARITHMIC_FROM * min(peaks):
        axes.set_yscale("log")
        axes.set_ylim(min(peaks) * FLOOR**0.5, max(peaks) * 2)
    else:
        axes.set_ylim(bottom=0)


def _dress(axes: Axes, kind: PlotKind) -> None:
    axes.grid(True, color=RULE, lw=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=FAINT, labelsize=9, length=3)
    axes.margins(x=0.01)
    axes.set_xlabel(kind.x, color=FAINT, size=9, loc="right", labelpad=2)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(FAINT)

"""A page of plots: the same runs seen from four sides, and their numbers as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.files import write_text
from lib_t2p.reports.plots.plotted_runs import KINDS, PlottedRun, incomparable_notes

CSV_NAME = "curves.csv"


@dataclass(frozen=True)
class PlotPage:
    """What was drawn.

    Attributes:
        images: PNG files: loss per epoch, loss per step, d x lr, learning rate; a plot that no
            run has numbers for is left out.
        csv: all numbers: run, tag, step, value.
        notes: what to know when reading them.
    """

    images: tuple[Path, ...]
    csv: Path
    notes: tuple[str, ...]


def draw_page(
    runs: Sequence[PlottedRun], folder: Path, *, title: str = "", notes: Sequence[str] = ()
) -> PlotPage:
    """Draw the curves of runs; needs matplotlib.

    Args:
        runs: in the order of the legend; runs without curves are left out.
        folder: gets the files.
        title: before the title of each plot.
        notes: more sentences that belong below plots of losses.

    Raises:
        WorkspaceError: the folder cannot be written.
    """
    # Matplotlib takes a second to import, which a host's process must not need.
    from lib_t2p.reports.plots.drawing import draw, lines_of

    told = (*incomparable_notes(runs), *notes)
    images = []
    for kind in KINDS:
        lines = lines_of(runs, kind)
        if lines:
            beside = told if kind.is_loss else ()
            images.append(draw(folder / f"{kind.name}.png", kind, lines, title, beside))
    write_text(folder / CSV_NAME, curves_csv(runs))
    return PlotPage(tuple(images), folder / CSV_NAME, told)


def curves_csv(runs: Sequence[PlottedRun]) -> str:
    """All numbers of all runs as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["run", "tag", "step", "value"])
    for run in runs:
        for tag, curve in run.curves.by_tag.items():
            pairs = zip(curve.steps.tolist(), curve.values.tolist(), strict=True)
            writer.writerows((run.name, tag, step, repr(value)) for step, value in pairs)
    return text.getvalue()

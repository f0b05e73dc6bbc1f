"""The plots of a sweep, as the guide draws them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lib_t2p.training.sweeps.collecting import Collected
from lib_t2p.training.sweeps.page import PagePlots, incomparable
from lib_t2p.training.sweeps.results import DLR_TAGS
from lib_t2p.training.sweeps.sweep import Sweep
from lib_t2p.workspace import SweepFolder

TITLES = (
    ("loss per epoch", ("loss/epoch", "loss/epoch_average")),
    ("average loss per step", ("loss/average",)),
    ("d x lr per step", DLR_TAGS),
    ("learning rate per step", ("lr/unet",)),
)


def draw_plots(folder: SweepFolder, sweep: Sweep, runs: Sequence[Collected]) -> PagePlots:
    """Draw loss and learning rate of the runs that have curves."""
    notes = tuple(f"Do not compare losses: {what} differs." for what in incomparable(sweep))
    images = []
    for title, tags in TITLES:
        curves = []
        for run in runs:
            points = next((run.told.points[tag] for tag in tags if tag in run.told.points), None)
            if points:
                curves.append((run.result.name, points))
        if curves:
            images.append(_drawn(folder.plots / f"{title.replace(' ', '_')}.png", title, curves))
    return PagePlots(tuple(images), notes)


def _drawn(path: Path, title: str, curves: list[tuple[str, list[tuple[int, float]]]]) -> Path:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4.5), layout="constrained")
    axes = figure.add_subplot()
    for name, points in curves:
        axes.plot([step for step, _ in points], [value for _, value in points], label=name)
    axes.set_title(title)
    axes.grid(alpha=0.25)
    axes.legend(fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100)
    return path

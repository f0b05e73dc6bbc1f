"""The plots of a sweep, as the guide draws them: one picture per tag, one colour per setting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_t2p.files import whole_file, write_text
from lib_t2p.training.sweeps.collecting import Collected
from lib_t2p.training.sweeps.page import PagePlots, incomparable
from lib_t2p.training.sweeps.results import DLR_TAGS
from lib_t2p.training.sweeps.series import Series, points_csv, series_of
from lib_t2p.training.sweeps.sweep import Sweep
from lib_t2p.workspace import SweepFolder

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C6D31")
"""Okabe and Ito's colours, which people with colour blindness can tell apart, and a brown."""
STYLES = ("-", "--", ":", "-.")
"""The next style begins where the colours do again."""
LEGEND_MOST = 32
"""More lines than this have no legend: the table of the page names them."""
CSV_NAME = "curves.csv"


@dataclass(frozen=True)
class Kind:
    """One picture.

    Attributes:
        stem: of its file.
        title: above it.
        tags: the first of them that a run has is drawn.
        smoothed: whether a smoothed line lies over the faint raw one.
        logarithmic: whether the values span powers of ten.
    """

    stem: str
    title: str
    tags: tuple[str, ...]
    smoothed: bool = False
    logarithmic: bool = False

    @property
    def is_loss(self) -> bool:
        """Whether settings may change what is measured."""
        return self.stem.startswith("loss")

    @property
    def counts_epochs(self) -> bool:
        """Whether epochs lie below it, else steps."""
        return self.stem == "loss_per_epoch"


KINDS = (
    Kind("loss_per_epoch", "Loss per epoch", ("loss/epoch", "loss/epoch_average")),
    Kind("loss_per_step", "Average loss per step", ("loss/average",), smoothed=True),
    Kind("dlr_per_step", "d × lr per step", DLR_TAGS, logarithmic=True),
    Kind("lr_per_step", "Learning rate of the U-Net per step", ("lr/unet",)),
)


def draw_plots(folder: SweepFolder, sweep: Sweep, runs: Sequence[Collected]) -> PagePlots:
    """Draw loss and learning rate of the runs that have curves, and write them as CSV.

    Raises:
        WorkspaceError: the disk is full.
    """
    notes = [f"Losses can't be compared: the runs differ in {w}." for w in incomparable(sweep)]
    images = []
    repeats = 1
    for kind in KINDS:
        found = series_of(runs, kind.tags, smoothed=kind.smoothed, counted=kind.counts_epochs)
        if found:
            repeats = max(repeats, *(series.repeats for series in found))
            labels = _labels(runs) if kind.stem != "lr_per_step" else {}
            note = notes[0] if kind.is_loss and notes else ""
            path = folder.plots / f"{kind.stem}.png"
            images.append(_drawn(path, kind, found, labels, note))
    if images:
        write_text(folder.plots / CSV_NAME, points_csv(runs))
    if repeats > 1:
        notes.append(
            "A band spans the runs that differ in their seeds only; the line is their mean."
        )
    return PagePlots(tuple(images), tuple(notes))


def _labels(runs: Sequence[Collected]) -> dict[str, str]:
    """The legend: last and least loss, peak of d x lr and minutes of each group, as means."""
    by_group: dict[str, list[Collected]] = {}
    for run in runs:
        by_group.setdefault(run.result.group, []).append(run)
    width = max((len(name) for name in by_group), default=0)
    return {
        name: f"{name:<{width}}  {_told(members, 'last_loss', '.4f')}  "
        f"{_told(members, 'least_loss', '.4f')}  {_told(members, 'peak_dlr', '.1e')}  "
        f"{_told(members, 'minutes', '.1f')}"
        for name, members in by_group.items()
    }


def _told(members: Sequence[Collected], field: str, form: str) -> str:
    known = [value for m in members if (value := getattr(m.result, field)) is not None]
    return (format(sum(known) / len(known), form) if known else "-").rjust(7)


def _drawn(
    path: Path, kind: Kind, found: Sequence[Series], labels: dict[str, str], note: str
) -> Path:
    # Without pyplot there is no global state, so that two jobs may draw at a time.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 5.2), layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    for number, series in enumerate(found):
        _line(axes, kind, series, number, labels.get(series.name, series.name))
    axes.set_title(kind.title, loc="left", fontsize=13, fontweight="bold")
    axes.set_title(note, loc="right", fontsize=9, color="#a86200")
    axes.set_xlabel("epoch" if kind.counts_epochs else "step")
    axes.grid(alpha=0.25, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    if kind.logarithmic and all((series.low > 0).all() for series in found):
        axes.set_yscale("log")
    if len(found) <= LEGEND_MOST:
        _legend(axes, found, labels)
    with whole_file(path) as partial:
        figure.savefig(partial, format="png", dpi=110)
    return path


def _line(axes: Any, kind: Kind, series: Series, number: int, label: str) -> None:
    colour = COLOURS[number % len(COLOURS)]
    style = STYLES[number // len(COLOURS) % len(STYLES)]
    marker = "o" if len(series.steps) <= 20 else None
    if kind.smoothed:
        axes.plot(series.steps, series.raw, color=colour, alpha=0.18, linewidth=0.8)
    if series.repeats > 1:
        axes.fill_between(series.steps, series.low, series.high, color=colour, alpha=0.15, lw=0)
    axes.plot(
        series.steps,
        series.smooth,
        color=colour,
        linestyle=style,
        linewidth=1.7,
        marker=marker,
        markersize=3.5,
        label=label,
    )


def _legend(axes: Any, found: Sequence[Series], labels: dict[str, str]) -> None:
    width = max((len(series.name) for series in found), default=0)
    head = f"{'':<{width}}  {'last':>7}  {'least':>7}  {'d × lr':>7}  {'minutes':>7}"
    axes.legend(
        title=head if labels else None,
        loc="upper center",
        bbox_to_anchor=(0.5, -0.13),
        ncols=1 if len(found) <= 8 else 2,
        prop={"family": "DejaVu Sans Mono", "size": 8},
        title_fontproperties={"family": "DejaVu Sans Mono", "size": 8},
        alignment="left",
        frameon=False,
    )

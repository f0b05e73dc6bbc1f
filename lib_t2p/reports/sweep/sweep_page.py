"""The part of a page that compares the runs of a sweep."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from lib_t2p.curves import INCOMPARABLE, Comparison
from lib_t2p.reports.pages.rendering import render
from lib_t2p.reports.plots import PlotPage
from lib_t2p.reports.sweep.sweep_rows import group_rows, run_rows, shared_findings, table_csv
from lib_t2p.sweeps import RunResult, Sweep, groups_of, noise_floor, noise_sentence, read_forecast
from lib_t2p.workspace import SweepFolder

_HERE = Path(__file__).parent
STYLE = _HERE / "page.css"
"""Behind the common style of all pages."""


@dataclass(frozen=True)
class _Inlined:
    title: str
    address: str


def page_body(
    folder: SweepFolder,
    sweep: Sweep,
    results: Sequence[RunResult],
    plots: PlotPage,
    who: str,
    compared: Comparison | None = None,
) -> Markup:
    """What came of a sweep, as a part of a page; to be styled by `STYLE`.

    Args:
        folder: of the sweep.
        sweep: what was asked for.
        results: of all its runs, in its order.
        plots: of their curves.
        who: name of the person.
        compared: runs with equal draws, step by step; None without.
    """
    axes = [axis.short_name for axis in sweep.axes]
    groups = groups_of(results)
    differing = incomparable(sweep)
    return render(
        _HERE / "page.html",
        sweep=sweep,
        who=who,
        counts=_counts(results),
        minutes=_minutes(folder, results),
        noise=noise_sentence(groups, differing),
        sure=noise_floor(groups) is not None and not differing,
        runs=runs_part(results, plots, name=sweep.id, axes=axes),
        compared=compared or Comparison(),
        repeats=group_rows(groups),
        skipped=[result for result in results if result.state == "refused"],
        base=_base(sweep),
        settings=[(name, _value(value)) for name, value in sweep.base.settings.items()],
        command=_grid_command(sweep, results),
    )


def runs_part(
    results: Sequence[RunResult], plots: PlotPage, *, name: str, axes: Sequence[str] = ()
) -> Markup:
    """Curves and numbers of runs, whether or not they are of one sweep; to be styled by `STYLE`.

    Args:
        results: of the runs.
        plots: of their curves.
        name: of the table's file, without ending.
        axes: short names of what differs, each of them a column.
    """
    return render(
        _HERE / "runs.html",
        plots=[_inlined(path) for path in plots.images if path.is_file()],
        notes=plots.notes,
        axes=axes,
        rows=run_rows(results, axes),
        shared=shared_findings(results),
        with_dlr=any(result.peak_dlr is not None for result in results),
        name=name,
        table=_address("text/csv", table_csv(results, axes).encode("utf-8")),
    )


def incomparable(sweep: Sweep) -> list[str]:
    """What differs between the runs and changes what the loss measures, in words."""
    changed = {name for axis in sweep.axes for choice in axis.choices for name in choice.changes}
    return [words for name, words in INCOMPARABLE.items() if name in changed]


def _counts(results: Sequence[RunResult]) -> str:
    states = [result.state for result in results]
    parts = [f"{len(states)} run{'s' if len(states) != 1 else ''}"]
    for state in dict.fromkeys(states):
        word = "skipped" if state == "refused" else state
        if states.count(state) < len(states) or state != "finished":
            parts.append(f"{states.count(state)} {word}")
    return ", ".join(parts)


def _minutes(folder: SweepFolder, results: Sequence[RunResult]) -> str:
    taken = [result.minutes for result in results if result.minutes is not None]
    if not taken:
        return ""
    forecast = read_forecast(folder).minutes
    told = f", forecast {forecast:.1f}" if forecast is not None else ""
    return f"{sum(taken):.1f} minutes{told}"


def _base(sweep: Sweep) -> str:
    base = sweep.base
    repeats = f", each photo {base.photo_repeats} times per epoch" if base.photo_repeats else ""
    recipe = f"recipe {sweep.recipe}, " if sweep.recipe else ""
    checkpoint = Path(base.checkpoint).name or "see the runs"
    return f"{recipe}dataset {base.dataset}{repeats}, checkpoint {checkpoint}, {base.trainer}"


def _grid_command(sweep: Sweep, results: Sequence[RunResult]) -> str:
    """What compares the runs by likeness; the first of each group is enough."""
    first: dict[str, str] = {}
    for result in results:
        if result.models:
            first.setdefault(result.group, result.run)
    if len(first) < 2:
        return ""
    runs = " ".join(f"--run {shlex.quote(run)}" for run in first.values())
    return f"t2p.py grid {shlex.quote(sweep.person)} --name {shlex.quote(sweep.id)} {runs}"


def _inlined(path: Path) -> _Inlined:
    return _Inlined(path.stem.replace("_", " "), _address("image/png", path.read_bytes()))


def _address(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def _value(value: Any) -> str:
    return " ".join(str(v) for v in value) if isinstance(value, (list, tuple)) else str(value)

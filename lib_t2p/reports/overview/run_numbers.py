"""Curves and numbers of the runs that a report tells of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lib_t2p.curves import Comparison, compare_on_tracks
from lib_t2p.jobs import Queue
from lib_t2p.reports.overview.scope import Scope
from lib_t2p.reports.plots import draw_page
from lib_t2p.reports.sweep.sweep_facts import Collected, collect, collect_runs
from lib_t2p.reports.sweep.sweep_page import incomparable, page_body, runs_part
from lib_t2p.sweeps import RunResult, Sweep, read_sweep, write_results
from lib_t2p.workspace import SweepFolder, load_person

MOST_PLOTTED = 24
"""Lines in one plot; of a person with more runs the newest are drawn."""


@dataclass(frozen=True)
class RunsTold:
    """Runs as a page shows them; `results` are in its order."""

    part: Markup
    results: tuple[RunResult, ...] = ()


def told_runs(scope: Scope, queue: Queue) -> RunsTold:
    """The part about a scope's runs; nothing when it has none.

    Raises:
        T2PError: a file of a run or of the sweep is damaged, or the disk is full.
    """
    if scope.sweep:
        return told_sweep(scope.sweep, queue)
    if not scope.runs:
        return RunsTold(Markup())
    newest = sorted(scope.runs, key=lambda run: run.settings.stat().st_mtime)
    collected = collect_runs(newest, queue, scope.person.workspace)
    plotted = [run.plotted for run in collected[-MOST_PLOTTED:]]
    left = len(collected) - len(plotted)
    notes = [f"The newest {MOST_PLOTTED} runs; {left} older ones are not drawn."] if left else []
    plots = draw_page(plotted, scope.page.parent / "plots", notes=notes)
    results = tuple(run.result for run in collected)
    return RunsTold(runs_part(results, plots, name=f"{scope.person.slug} runs"), results)


def told_sweep(place: SweepFolder, queue: Queue) -> RunsTold:
    """As `told_runs`, of a sweep; keeps its results for the tab."""
    sweep = read_sweep(place)
    collected = collect(place, sweep, queue, place.person.workspace)
    results = tuple(run.result for run in collected)
    write_results(place, results)
    plots = draw_page([run.plotted for run in collected], place.plots, title=sweep.title)
    who = load_person(place.person).name
    return RunsTold(
        page_body(place, sweep, results, plots, who, compared(sweep, collected)), results
    )


def compared(sweep: Sweep, collected: Sequence[Collected]) -> Comparison:
    """Runs of a sweep step by step; none where what differs changes what the loss measures."""
    if incomparable(sweep):
        return Comparison()
    return compare_on_tracks(
        {run.result.name: run.told.curves for run in collected if run.result.is_finished}
    )

"""The job that draws the page of a sweep."""

from __future__ import annotations

from typing import Any

from lib_t2p.jobs.context import JobContext
from lib_t2p.worker.params import param, person_of


def page_job(context: JobContext) -> dict[str, Any]:
    """`train.sweep_page` {person, sweep} -> {page, runs, failed}: what came of each run."""
    from lib_t2p.people import load_person
    from lib_t2p.training.plots import draw_page
    from lib_t2p.training.sweeps.collecting import collect
    from lib_t2p.training.sweeps.page import write_page
    from lib_t2p.training.sweeps.results import write_results
    from lib_t2p.training.sweeps.storing import read_sweep

    person = person_of(context)
    folder = person.sweep(str(param(context, "sweep")))
    sweep = read_sweep(folder)
    context.phase("reading curves")
    collected = collect(folder, sweep, context.queue, context.workspace)
    results = [run.result for run in collected]
    write_results(folder, results)
    context.phase("drawing")
    plots = draw_page([run.plotted for run in collected], folder.plots, title=sweep.title)
    page = write_page(folder, sweep, results, plots, load_person(person).name)
    failed = [result.name for result in results if result.state in ("failed", "lost")]
    return {"page": str(page), "runs": len(results), "failed": failed}

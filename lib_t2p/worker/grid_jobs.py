"""Jobs of grids, and what follows from a verdict for the disk; the cells are a painter's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lib_t2p.jobs import JobContext
from lib_t2p.plurals import counted, plural
from lib_t2p.worker.marked_runs import mark_runs_of
from lib_t2p.worker.params import grid_of, person_of
from lib_t2p.workspace import PersonFolder


def tidy_up(context: JobContext, person: PersonFolder) -> None:
    """Say which saved models the verdict passed over; remove them only where that was agreed."""
    from lib_t2p.runs.disk import clean, cleans_after_verdict, megabytes, removals
    from lib_t2p.scores.verdict import judged_models

    judged = {person.slug: judged_models(person)}
    plan = [
        one
        for one in removals(context.workspace, judged, context.clock(), context.job.id)
        if one.kind == "models" and one.person == person.slug
    ]
    if not plan:
        return
    if cleans_after_verdict(context.workspace):
        cleaned = clean(plan, plan)
        context.warning(
            f"{counted(len(cleaned.removed), 'saved model')} that the verdicts passed over "
            f"{plural('was', len(cleaned.removed))} removed "
            f"({megabytes(cleaned.size)}), as you agreed."
        )
    else:
        context.warning(
            f"{counted(len(plan), 'saved model was')} passed over by the verdicts "
            f"({megabytes(sum(one.size for one in plan))}): `t2p.py disk clean` removes them."
        )


def plan_job(context: JobContext) -> dict[str, Any]:
    """`grid.plan` {person, grid} -> {cells}: expanded prompts, and the models put under test."""
    from lib_t2p.grids import read_plan, refuse_misfits, with_dataset, write_plan
    from lib_t2p.grids.cells import expand, keep_painted, write_cells
    from lib_t2p.lora import install_trial

    person, grid = person_of(context), grid_of(context)
    wanted = read_plan(grid)
    plan = with_dataset(wanted, person)
    if plan != wanted:
        write_plan(grid, plan)
    refuse_misfits(plan)
    for model in plan.models:
        install_trial(Path(model.path), context.workspace.loras, model.stem)
    cells = expand(plan, person)
    keep_painted(grid, cells)
    write_cells(grid, cells)
    return {"cells": len(cells)}


def scores_job(context: JobContext) -> dict[str, Any]:
    """`grid.scores` {person, grid, which?: all | painted} -> {scored}."""
    from lib_t2p.scores import Which, judge_obedience, score_grid
    from lib_t2p.worker.picture_tools import obedience_judge, scoring_crew, scoring_tools

    grid, person, workspace = grid_of(context), person_of(context), context.workspace
    judge, tools = obedience_judge(workspace), scoring_tools(workspace)
    which: Which = "painted" if context.job.params.get("which") == "painted" else "all"
    scores = score_grid(grid, person, tools, context, scoring_crew(workspace, tools), which)
    if judge:
        judge_obedience(grid, person, judge, context)
    return {"scored": len(scores.cells)}


def report_job(context: JobContext) -> dict[str, Any]:
    """`grid.report` {person, grid} -> {report, verdict}: grid picture, report, verdict."""
    from lib_t2p.grids import read_plan
    from lib_t2p.reports import curves_of_plan
    from lib_t2p.reports.cells import write_cells_page
    from lib_t2p.reports.grid import write_report
    from lib_t2p.reports.picture import draw_grid
    from lib_t2p.scores import final_verdict

    person, grid = person_of(context), grid_of(context)
    plan = read_plan(grid)
    mark_runs_of(context.queue, person, plan)
    context.phase("grid picture")
    draw_grid(grid, person)
    context.phase("report")
    curves = curves_of_plan(context.queue, person, plan)
    report = write_report(grid, person, curves)
    write_cells_page(grid, person)
    tidy_up(context, person)
    verdict = final_verdict(grid, person)
    return {"report": str(report), "verdict": verdict.sentence}

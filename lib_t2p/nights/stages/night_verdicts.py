"""The second half of a night: which run, which saved model, which weight.

Each stage gives the jobs to wait for.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lib_t2p.actions import runs as run_actions
from lib_t2p.errors import T2PError
from lib_t2p.grids import GridPlan, looked_plan, prompt_sets_plan, read_plan
from lib_t2p.grids.axes import GridModel
from lib_t2p.grids.cells import cell_path, read_cells
from lib_t2p.jobs import Job, JobState
from lib_t2p.nights.stages.night_runs import is_sweep, look_of, sweep_of, trained
from lib_t2p.nights.stages.stage_context import (
    StageContext,
    active,
    grid_of_night,
    must_have_finished,
)
from lib_t2p.painting import ComparedPictures
from lib_t2p.runs import SavedModel, read_run, saved_models
from lib_t2p.scores import confirmation_grid, confirmation_plan, final_verdict, mean_distances
from lib_t2p.scores.verdict import Verdict, judge, read_scores
from lib_t2p.search import scored_search_grids
from lib_t2p.workspace import GridFolder, RunFolder


def paint_prompts(at: StageContext) -> list[Job]:
    """Paint the ready prompts with the best model and the last ones of the nearest runs."""
    plan = read_plan(verdict_grid(at))
    leader = verdict_of(at).leader
    best = [model for model in plan.models if leader and model.stem == leader.model]
    weight = leader.weight if leader else look_of(at).lora_weight
    wanted = prompt_sets_plan(plan, [*best, *_others(at, best)], weight)
    jobs = grid_of_night(at, prompts_grid(at), "prompts", wanted)
    if waits := active(jobs):
        return waits
    if failed := next((job for job in jobs if job.state is not JobState.FINISHED), None):
        at.note(f"Simple, complex and random prompts could not be painted: {failed.reason}")
    return []


def prompts_grid(at: StageContext) -> GridFolder:
    """Where the pictures of the ready prompts lie."""
    return at.person.grid_of(at.folder.id, "prompts")


def _others(at: StageContext, best: list[GridModel]) -> list[GridModel]:
    """The last model of each run that is not shown yet, the nearest run first."""
    taken = {model.run for model in best}
    return [
        shown_model(folder, saved_models(folder)[-1])
        for folder in nearest_runs(at)
        if folder.id not in taken
    ]


RUNS = 2
"""Runs whose saved models are judged in the end."""


def compare(at: StageContext) -> list[Job]:
    """Paint the last model of every run, side by side at one weight.

    A search has compared its runs already, each time after equal training.
    """
    found = trained(at)
    if not is_sweep(at) or len(found) < 2 or sweep_of(at).search.exists():
        return []
    look = look_of(at)
    models = [shown_model(folder, saved_models(folder)[-1]) for folder in found]
    plan = _plan(at, look, models, (look.lora_weight,))
    jobs = grid_of_night(at, runs_grid(at), "runs", plan)
    if waits := active(jobs):
        return waits
    if failed := next((job for job in jobs if job.state is not JobState.FINISHED), None):
        at.note(f"The runs could not be compared by pictures: {failed.reason}")
    return []


def judge_models(at: StageContext) -> list[Job]:
    """Paint the saved models of the best runs at several weights, score and judge them."""
    best = nearest_runs(at)[:RUNS]
    per_run = max(1, at.night.models // len(best))
    models = [
        shown_model(folder, model)
        for folder in best
        for model in spread(saved_models(folder), per_run)
    ]
    plan = _plan(at, look_of(at), models, at.night.weights)
    jobs = grid_of_night(at, verdict_grid(at), "verdict", plan)
    if waits := active(jobs):
        return waits
    must_have_finished(jobs, "The pictures for the verdict")
    return []


def confirm_best(at: StageContext) -> list[Job]:
    """Paint and score the winner and its ties again, on seeds that nothing was chosen by."""
    grid = verdict_grid(at)
    plan = read_plan(grid)
    wanted = confirmation_plan(plan, judge(plan, read_scores(grid)))
    if wanted is None:
        return []
    jobs = grid_of_night(at, confirmation_grid(at.person, grid), "fresh seeds", wanted)
    if waits := active(jobs):
        return waits
    if failed := next((job for job in jobs if job.state is not JobState.FINISHED), None):
        at.note(f"The winner could not be scored again on fresh seeds: {failed.reason}")
    return []


def keep_best(at: StageContext) -> list[Job]:
    """Keep the LoRA of the verdict with its card, weight and a picture."""
    verdict = verdict_of(at)
    result = {"sentence": verdict.sentence, "sure": verdict.best is not None}
    if verdict.leader is None:
        at.keep(result=result)
        return []
    model, weight = verdict.leader.model, verdict.leader.weight
    kept = None
    try:
        preview = _closest(verdict_grid(at), model, weight)
        kept = run_actions.keep_lora(at.workspace, model, weight=weight, preview=preview)
    except T2PError as error:
        at.note(f"{model} could not be kept: {error}")
    told = {"kept": str(kept or ""), "kept_name": kept.stem if kept else ""}
    at.keep(result={**result, **told, "model": model, "weight": weight})
    return []


def verdict_grid(at: StageContext) -> GridFolder:
    """Where the pictures of the verdict lie."""
    return at.person.grid_of(at.folder.id, "verdict")


def runs_grid(at: StageContext) -> GridFolder:
    """Where the runs are compared."""
    return at.person.grid_of(at.folder.id, "runs")


def verdict_of(at: StageContext) -> Verdict:
    """What the numbers of the last grid allow to say."""
    return final_verdict(verdict_grid(at), at.person)


def spread(models: Sequence[SavedModel], count: int) -> list[SavedModel]:
    """Up to `count` models, evenly spread; the last one is always among them."""
    last = len(models) - 1
    if count <= 1:
        return [models[last]]
    return [models[n] for n in sorted({round(i * last / (count - 1)) for i in range(count)})]


def nearest_runs(at: StageContext) -> list[RunFolder]:
    """The runs that saved a model, those that come nearest to the person first."""
    found = trained(at)
    # What was compared after the longest training is known best.
    for grid in compared_grids(at):
        plan = read_plan(grid)
        of_stem = mean_distances(plan, read_scores(grid))
        found_here = {model.run: of_stem[model.stem] for model in plan.models}
        ahead = sorted(found_here, key=lambda run: found_here[run])
        rank = {run: place for place, run in enumerate(ahead)}
        found.sort(key=lambda folder: rank.get(folder.id, len(rank)))
    return found


def compared_grids(at: StageContext) -> list[GridFolder]:
    """Scored grids that compare runs after equal training, the shortest training first."""
    if not is_sweep(at):
        return []
    place = sweep_of(at)
    if not place.search.exists():
        return [grid for grid in [runs_grid(at)] if grid.scores.exists()]
    return scored_search_grids(place)


def _plan(
    at: StageContext,
    look: ComparedPictures,
    models: Sequence[GridModel],
    weights: tuple[float, ...],
) -> GridPlan:
    run = read_run(trained(at)[0])
    return looked_plan(at.night.person, at.state.dataset, run.checkpoint, look, models, weights)


def shown_model(folder: RunFolder, model: SavedModel) -> GridModel:
    """A saved model under the name that it has in the night's pictures."""
    run = read_run(folder)
    label = f"{run.sweep_run or run.name}, epoch {model.epoch}"
    return GridModel(
        path=model.path, stem=model.stem, label=label, run=folder.id, epoch=model.epoch
    )


def _closest(grid: GridFolder, model: str, weight: float) -> Path | None:
    """The picture of a candidate that is nearest to the held-out photos."""
    scored = [
        (cell.distance, cell.id)
        for cell in read_scores(grid).cells
        if (cell.model, cell.weight) == (model, weight) and cell.distance is not None
    ]
    if not scored:
        return None
    wanted = min(scored)[1]
    return next((cell_path(grid, cell) for cell in read_cells(grid) if cell.id == wanted), None)

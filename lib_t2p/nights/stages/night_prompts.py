"""Pictures to look at: the winner beside the other runs, on simple, complex and random prompts."""

from __future__ import annotations

from lib_t2p.grids import prompt_sets_plan, read_plan
from lib_t2p.grids.axes import GridModel
from lib_t2p.jobs import Job, JobState
from lib_t2p.nights.stages.night_runs import look_of
from lib_t2p.nights.stages.night_verdicts import nearest_runs, shown_model, verdict_grid, verdict_of
from lib_t2p.nights.stages.stage_context import StageContext, active, grid_of_night
from lib_t2p.runs import saved_models
from lib_t2p.workspace import GridFolder


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

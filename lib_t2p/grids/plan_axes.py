"""Faults of a plan's axes: each one's own, and how they fit each other and the plan."""

from __future__ import annotations

from lib_t2p.grids.axes.axes import axis_faults, model_faults
from lib_t2p.grids.grid_plan import GridPlan


def axes_faults(plan: GridPlan) -> list[str]:
    """Name every fault of the saved models and of the axes of a plan."""
    stems = [model.stem for model in plan.models]
    faults = model_faults(plan.models)
    for name, axis in zip("xyz", plan.axes, strict=False):
        faults += axis_faults(name, axis, stems)
    kinds = [axis.kind for axis in plan.axes]
    twice = sorted({kind for kind in kinds if kinds.count(kind) > 1})
    faults += [f"both axes vary the same: only one axis may vary {kind}" for kind in twice]
    if "saved_model" not in kinds and len(plan.models) > 1:
        faults.append(
            f"{len(plan.models)} saved models are chosen and no axis shows them: let one axis be "
            "saved_model, or choose one model"
        )
    if plan.base and plan.base not in stems:
        faults.append(f"the base {plan.base!r} is not one of the saved models")
    return faults + _placing_faults(plan) + _trigger_faults(plan) + _start_faults(plan)


def _placing_faults(plan: GridPlan) -> list[str]:
    """An axis of prompts or seeds shows those of the plan, all of them and no others."""
    faults = []
    seeds, prompts = plan.axis("seed"), plan.axis("prompt")
    if seeds and sorted(map(str, seeds.values)) != sorted(map(str, plan.seeds)):
        faults.append("the axis of seeds must have the seeds of the grid, each once")
    wanted = list(range(1, len(plan.prompts) + 1))
    if prompts and [n for n in wanted if n not in prompts.values] + [
        n for n in prompts.values if n not in wanted
    ]:
        faults.append(f"the axis of prompts must have the numbers 1 to {len(wanted)}, each once")
    return faults


def _trigger_faults(plan: GridPlan) -> list[str]:
    if plan.axis("trigger_weight") and any("{trigger}" not in p for p in plan.prompts):
        return ["the trigger weight has nothing to act on: write {trigger} into every prompt"]
    return []


def _start_faults(plan: GridPlan) -> list[str]:
    if plan.axis("denoising") and not plan.start:
        return ["the denoising strength has nothing to act on: name a start picture"]
    return []

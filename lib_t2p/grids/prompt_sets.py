"""The ready prompts side by side: what saved models make of a simple, complex or random prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lib_t2p.grids.axes.axes import Axis, GridModel
from lib_t2p.grids.compare_presets import ready_prompts
from lib_t2p.grids.grid_plan import GridPlan

MOST_MODELS = 4
"""Columns beside the one without LoRA; more are too small on paper."""


@dataclass(frozen=True)
class PromptSet:
    """One ready set within a plan.

    Attributes:
        title: of the set, such as `Simple`.
        prompts: indexes into the plan's prompts.
    """

    title: str
    prompts: tuple[int, ...]


def prompt_sets_plan(plan: GridPlan, models: Sequence[GridModel], weight: float) -> GridPlan:
    """All ready prompts by saved model, painted as another grid is, with its first seed.

    Args:
        plan: of the other grid.
        models: columns, up to `MOST_MODELS`; further ones are left out.
        weight: LoRA weight of all pictures.
    """
    prompts = tuple(prompt for prompts in ready_prompts().values() for prompt in prompts)
    shown = tuple(models)[:MOST_MODELS]
    return replace(
        plan,
        models=shown,
        x=Axis("saved_model", tuple(model.stem for model in shown)),
        y=Axis("prompt", tuple(range(1, len(prompts) + 1))),
        z=None,
        prompts=prompts,
        seeds=plan.seeds[:1],
        lora_weight=weight,
        base="",
    )


def sets_in(plan: GridPlan) -> list[PromptSet]:
    """The ready sets of which a plan has every prompt; none for most grids."""
    return [
        PromptSet(title, tuple(plan.prompts.index(prompt) for prompt in prompts))
        for title, prompts in ready_prompts().items()
        if set(prompts) <= set(plan.prompts)
    ]

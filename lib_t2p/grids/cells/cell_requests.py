"""What one cell of a grid asks the painter for, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from lib_t2p.grids.axes.axes import Axis
from lib_t2p.grids.axes.axis_values import value_label
from lib_t2p.grids.grid_plan import TRIGGER, GridPlan
from lib_t2p.grids.start_pictures import start_picture
from lib_t2p.painting import CellRequest
from lib_t2p.workspace import Person

NO_LORA = -1
"""Column or row of pictures without any LoRA, along saved models and weights."""
CLASS_WORD = "{class_word}"


def request_of(
    plan: GridPlan,
    who: Person,
    candidate: tuple[str, float],
    point: Mapping[str, str | float],
    shown: tuple[int, int],
) -> CellRequest:
    """Make the request of a cell.

    Args:
        plan: of the grid.
        who: whose trigger and class word stand in the prompt.
        candidate: stem and LoRA weight; an empty stem for the reference.
        point: kind of axis -> value that goes before the plan's own.
        shown: index of the prompt, and seed.
    """
    (model, weight), (prompt, seed) = candidate, shown
    tag = f" <lora:{model}:{weight:g}>" if model else ""
    trigger = _weighed(plan.trigger or who.trigger, point)
    return CellRequest(
        prompt=_filled(plan.prompts[prompt], trigger, who) + tag,
        seed=seed,
        checkpoint=str(point.get("checkpoint", plan.checkpoint)),
        negative_prompt=_filled(plan.negative_prompt, plan.trigger or who.trigger, who),
        steps=int(point.get("steps", plan.steps)),
        sampler_name=str(point.get("sampler", plan.sampler_name)),
        # Not made a float where the plan has a whole number: the fingerprint of old cells stays.
        cfg_scale=cast(float, point.get("cfg", plan.cfg_scale)),
        width=plan.width,
        height=plan.height,
        clip_skip=int(point.get("clip_skip", plan.clip_skip)),
        vae=str(point.get("vae", plan.vae)),
        start=start_picture(plan.start, float(point.get("denoising", plan.denoising))),
    )


def place_of(
    plan: GridPlan, values: Mapping[str, str | float], candidate: tuple[str, float]
) -> tuple[int, int]:
    """Column and row; the rows of a third axis stand below each other, block by block."""
    model, weight = candidate
    lora: dict[str, str | float] = {"saved_model": model, "lora_weight": weight} if model else {}
    known = {**values, **lora}
    x, y = _along(plan.x, known), _along(plan.y, known)
    if plan.z is None:
        return x, y
    z = _along(plan.z, known)
    return x, NO_LORA if NO_LORA in (y, z) else z * len(plan.y.values) + y


def point_words(point: Mapping[str, str | float]) -> str:
    """A way of painting in words, such as `clip skip 2, CFG 7`; empty for the plan's own."""
    return ", ".join(value_label(kind, value) for kind, value in point.items())


def _along(axis: Axis, values: Mapping[str, str | float]) -> int:
    return axis.values.index(values[axis.kind]) if axis.kind in values else NO_LORA


def _weighed(trigger: str, point: Mapping[str, str | float]) -> str:
    weight = point.get("trigger_weight", 1)
    return trigger if weight == 1 else f"({trigger}:{weight:g})"


def _filled(prompt: str, trigger: str, who: Person) -> str:
    # str.format would trip over the braces of wildcard variants such as {a|b}.
    return prompt.replace(TRIGGER, trigger).replace(CLASS_WORD, who.class_word)

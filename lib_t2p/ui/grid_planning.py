"""From what was typed in the Generate tab to a grid's plan."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from lib_t2p import actions, grids
from lib_t2p.actions import grids as grid_actions
from lib_t2p.errors import InputError
from lib_t2p.grids import axes as axes_room
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.components import number_list, real_number, whole_number
from lib_t2p.ui.grid_axes import axes_from
from lib_t2p.ui.grid_fields import KINDS, SWEPT, GridEntry
from lib_t2p.workspace import Person, PersonFolder

_WORDS = {kind: title.lower() for title, kind in KINDS.items()}
_WORDS |= {"lora_weight": "weight", "cfg": "CFG scale", "vae": "VAE"}


def plan_from(
    entry: GridEntry, folder: PersonFolder, person: Person, checkpoint: str, host: actions.Host
) -> grids.GridPlan:
    """Make and check a plan.

    Args:
        entry: what was typed.
        folder: of the person.
        person: whose trigger the prompts get.
        checkpoint: checked title or path.
        host: whose checkpoints, samplers and VAEs may be named.

    Raises:
        InputError: no model is ticked, or a number cannot be read.
        FaultsError: all other faults of the plan at once.
    """
    known = grid_actions.known_models(folder)
    if not known:
        raise InputError(text.GRID_NEEDS_MODELS)
    labels = (
        grid_actions.sweep_models(folder, entry.sweep, _swept(entry) or ()) if entry.sweep else {}
    )
    stems = entry.stems or [] if _swept(entry) is None else list(labels)
    chosen = [known[stem] for stem in stems if stem in known]
    if not chosen:
        raise InputError("No saved model is ticked: tick at least one.")
    models = tuple(one.as_tested(labels) for one in chosen)
    plan = replace(
        _typed_plan(entry, models, host),
        person=folder.slug,
        dataset=chosen[0].run.dataset,
        checkpoint=checkpoint,
        trigger=person.trigger,
        base=grid_actions.base_of(labels, [model.stem for model in models]),
    )
    return grids.checked_plan(plan, actions.known_names(host), len(_weights(entry.weights)))


def _typed_plan(
    entry: GridEntry, models: tuple[axes_room.GridModel, ...], host: actions.Host
) -> grids.GridPlan:
    """What was typed, before it is checked and belongs to a person."""
    prompts, seeds = prompt_lines(entry.prompts), _seeds(entry.seeds)
    weights = _weights(entry.weights)
    listed: dict[str, tuple[str | float, ...]] = {
        "saved_model": tuple(model.stem for model in models),
        "lora_weight": weights,
        "prompt": tuple(range(1, len(prompts) + 1)),
        "seed": seeds,
    }
    x, y, z = axes_from(entry, listed, host)
    starts = g.uploaded_paths(entry.start)
    return grids.GridPlan(
        person="",
        dataset=1,
        checkpoint="",
        models=models,
        x=x,
        y=y,
        z=z,
        prompts=prompts,
        seeds=seeds,
        negative_prompt=(entry.negative or "").strip(),
        steps=whole_number(entry.steps, "Sampling steps"),
        sampler_name=entry.sampler or "",
        cfg_scale=real_number(entry.cfg, "CFG scale"),
        width=whole_number(entry.width, "Width"),
        height=whole_number(entry.height, "Height"),
        clip_skip=whole_number(entry.clip_skip, "Clip skip of pictures"),
        lora_weight=weights[0],
        vae=(entry.vae or "").strip(),
        start=str(starts[0]) if starts else "",
        denoising=real_number(entry.denoising, "Denoising strength"),
    )


def _swept(entry: GridEntry) -> list[str] | None:
    """What an axis of sweep values names; None without such an axis.

    Raises:
        InputError: no sweep is chosen for it.
    """
    for name in "xyz":
        if getattr(entry, f"{name}_kind") == SWEPT:
            if not entry.sweep:
                raise InputError("Sweep to compare: choose the sweep whose values are an axis.")
            return grids.split(getattr(entry, f"{name}_values") or "")
    return None


def _weights(typed: str | None) -> tuple[float, ...]:
    return tuple(
        real_number(value, f"LoRA weights: {value!r}") for value in _spread(typed, "LoRA weights")
    )


def _seeds(typed: str | None) -> tuple[int, ...]:
    return tuple(whole_number(seed, "Seeds") for seed in _spread(typed, "Seeds"))


def _spread(typed: str | None, label: str) -> tuple[str | float, ...]:
    """Numbers and ranges; plain numbers may be parted by spaces."""
    text_typed = typed or ""
    if re.fullmatch(r"[\d.,;\s]*", text_typed):
        return number_list(text_typed, label)
    return grids.typed_numbers(text_typed, label)


def prompt_lines(typed: str | None) -> tuple[str, ...]:
    """One prompt a line; empty lines do not count."""
    return tuple(line.strip() for line in (typed or "").splitlines() if line.strip())


def forecast(entry: GridEntry, host: actions.Host) -> str:
    """How many pictures the grid will have, and the minutes, in a sentence.

    Raises:
        T2PError: a number or an axis cannot be read.
    """
    models = tuple(axes_room.GridModel(Path(stem), stem) for stem in entry.stems or [])
    plan = _typed_plan(entry, models, host)
    axes = " x ".join(text.counted(len(axis.values), _WORDS[axis.kind]) for axis in plan.axes)
    kinds = {axis.kind for axis in plan.axes}
    shown = [
        text.counted(len(values), word)
        for word, values in (("prompt", plan.prompts), ("seed", plan.seeds))
        if word not in kinds
    ]
    lora = len(plan.stems) * len(plan.weights)
    plain = plan.cell_count // (1 + lora)
    return (
        f"{text.counted(plan.cell_count, 'picture')}: {' x '.join([axes, *shown])}, and {plain} "
        f"without LoRA to compare with. {_minutes(plan, host)}"
    )


def _minutes(plan: grids.GridPlan, host: actions.Host) -> str:
    known = grids.pace(host.workspace)
    if known is None:
        return "How long it takes is known after the first grid on this machine."
    painter, speed = known
    steps_axis = plan.axis("steps")
    steps = [int(v) for v in steps_axis.values] if steps_axis else [plan.steps]
    mean = sum(steps) / len(steps)
    seconds = plan.cell_count * plan.width * plan.height * mean / 1_000_000 * speed
    return f"About {max(1, round(seconds / 60))} min, as measured here with {painter}."

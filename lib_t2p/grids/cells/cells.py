"""The cells of a grid in the order in which they are painted, and what each asks a painter for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from lib_t2p.errors import InputError, WorkspaceError
from lib_t2p.files import ODD_PARTS, read_record, write_record
from lib_t2p.grids.axes.axes import Axis
from lib_t2p.grids.axes.axis_values import value_label
from lib_t2p.grids.grid_plan import TRIGGER, GridPlan
from lib_t2p.painting import CellRequest, StartPicture, request_from_record, request_to_record
from lib_t2p.workspace import GridFolder, Person, PersonFolder, load_person


def start_picture(path: str, denoising: float) -> StartPicture | None:
    """Give what a cell begins with; None for an empty path: txt2img.

    Args:
        path: of the picture.
        denoising: 0 keeps the picture, 1 paints anew.

    Raises:
        InputError: the picture is gone or cannot be read.
    """
    if not path:
        return None
    try:
        state = Path(path).stat()
        mark = _print(path, state.st_size, state.st_mtime_ns)
    except OSError as error:
        raise InputError(
            f"The start picture {path} cannot be read ({error.strerror}): choose another one."
        ) from error
    return StartPicture(path, mark, denoising)


@lru_cache(maxsize=4)
def _print(path: str, _size: int, _changed: int) -> str:
    # A grid asks once for every cell: the file is read once for each of its states.
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


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


__all__ = ["NO_LORA", "Cell", "expand", "read_cells", "write_cells"]

SCHEMA = 1


@dataclass(frozen=True)
class Cell:
    """One picture of the grid.

    Attributes:
        id: file name without ending, the same each time the plan is expanded.
        x: column, counted from 0; `NO_LORA` for the reference along saved models or weights.
        y: row, counted from 0; as `x`.
        model: stem of the saved model; empty for the reference.
        weight: LoRA weight; 0 for the reference.
        prompt: index into the plan's prompts.
        seed: of the picture.
        request: what the painter gets.
        point: the values of the axes that change the way of painting, in words; empty without any.
    """

    id: str
    x: int
    y: int
    model: str
    weight: float
    prompt: int
    seed: int
    request: CellRequest
    point: str = ""


def expand(plan: GridPlan, person: PersonFolder) -> list[Cell]:
    """List all cells so that checkpoints and LoRAs are loaded as seldom as possible.

    Checkpoint by checkpoint; in each the reference first, then one saved model after the other,
    weight by weight; within those, prompt by prompt, so that a prompt is encoded once for all its
    seeds.

    Raises:
        InputError: there is no such person.
    """
    who = load_person(person)
    return [
        _cell(plan, who, candidate, point, (prompt, seed))
        for points in _by_checkpoint(plan)
        for candidate in _groups(plan)
        for point in points
        for prompt in range(len(plan.prompts))
        for seed in plan.seeds
    ]


def write_cells(grid: GridFolder, cells: list[Cell]) -> None:
    """Write `cells.json`."""
    write_record(grid.requests, SCHEMA, {"cells": [_to_record(cell) for cell in cells]})


def read_cells(grid: GridFolder) -> list[Cell]:
    """Read `cells.json`.

    Raises:
        WorkspaceError: missing or damaged.
        NewerSchemaError: written by a newer Text to Person.
    """
    record = read_record(grid.requests, SCHEMA)
    try:
        return [_from_record(entry) for entry in record["cells"]]
    except ODD_PARTS as error:
        raise WorkspaceError(f"{grid.requests} is damaged: plan the grid again.") from error


def _groups(plan: GridPlan) -> Iterator[tuple[str, float]]:
    yield "", 0.0
    for stem in plan.stems:
        for weight in plan.weights:
            yield stem, weight


def _by_checkpoint(plan: GridPlan) -> list[list[Mapping[str, str | float]]]:
    # `points` change the checkpoint slowest, so that those of one stand side by side.
    return [list(same) for _, same in groupby(plan.points, key=lambda p: p.get("checkpoint"))]


def _cell(
    plan: GridPlan,
    who: Person,
    candidate: tuple[str, float],
    point: Mapping[str, str | float],
    shown: tuple[int, int],
) -> Cell:
    (model, weight), (prompt, seed) = candidate, shown
    # Only what differs from the plan changes the name, so that old grids keep theirs.
    group = f"m{plan.stems.index(model) + 1:02d}_w{weight:g}" if model else "none"
    parts = [group, *_point_names(plan, point), f"p{prompt + 1:02d}", f"s{seed}"]
    place = place_of(plan, {**point, "prompt": prompt + 1, "seed": seed}, candidate)
    request = request_of(plan, who, candidate, point, shown)
    return Cell("_".join(parts), *place, model, weight, prompt, seed, request, point_words(point))


def _point_names(plan: GridPlan, point: Mapping[str, str | float]) -> list[str]:
    axes = {axis.kind: axis for axis in plan.axes}
    return [
        f"{kind.replace('_', '')}{axes[kind].values.index(value) + 1:02d}"
        for kind, value in point.items()
        if kind in axes
    ]


def _to_record(cell: Cell) -> dict[str, Any]:
    return {**asdict(cell), "request": request_to_record(cell.request)}


def _from_record(entry: dict[str, Any]) -> Cell:
    return Cell(**{**entry, "request": request_from_record(entry["request"])})

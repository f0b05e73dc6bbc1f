"""The cells of a grid: one picture each, in the order in which they are painted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.generation.plan import TRIGGER, GridPlan
from lib_t2p.painting.request import CellRequest
from lib_t2p.people import Person, load_person
from lib_t2p.workspace import GridFolder, PersonFolder

SCHEMA = 1
NO_LORA = -1
"""Column and row of the reference pictures, painted without any LoRA."""
CLASS_WORD = "{class_word}"


@dataclass(frozen=True)
class Cell:
    """One picture of the grid.

    Attributes:
        id: file name without ending, the same each time the plan is expanded.
        x: column, counted from 0; `NO_LORA` for the reference.
        y: row, counted from 0; `NO_LORA` for the reference.
        model: stem of the saved model; empty for the reference.
        weight: LoRA weight; 0 for the reference.
        prompt: index into the plan's prompts.
        seed: of the picture.
        request: what the painter gets.
    """

    id: str
    x: int
    y: int
    model: str
    weight: float
    prompt: int
    seed: int
    request: CellRequest


def expand(plan: GridPlan, person: PersonFolder) -> list[Cell]:
    """List all cells so that LoRAs are loaded as seldom as possible.

    The reference comes first, then one saved model after the other, weight by weight; within
    those, prompt by prompt, so that a prompt is encoded once for all its seeds.

    Raises:
        InputError: there is no such person.
    """
    who = load_person(person)
    return [
        _cell(plan, who, model, weight, prompt, seed)
        for model, weight in _groups(plan)
        for prompt in range(len(plan.prompts))
        for seed in plan.seeds
    ]


def write_cells(grid: GridFolder, cells: list[Cell]) -> None:
    """Write `cells.json`."""
    write_record(grid.requests, SCHEMA, {"cells": [asdict(cell) for cell in cells]})


def read_cells(grid: GridFolder) -> list[Cell]:
    """Read `cells.json`.

    Raises:
        WorkspaceError: missing or damaged.
        NewerSchemaError: written by a newer Text to Person.
    """
    record = read_record(grid.requests, SCHEMA)
    try:
        return [_from_record(entry) for entry in record["cells"]]
    except (KeyError, TypeError) as error:
        raise WorkspaceError(f"{grid.requests} is damaged: plan the grid again.") from error


def _groups(plan: GridPlan) -> Iterator[tuple[str, float]]:
    yield "", 0.0
    for stem in plan.stems:
        for weight in plan.weights:
            yield stem, weight


def _cell(plan: GridPlan, who: Person, model: str, weight: float, prompt: int, seed: int) -> Cell:
    tag = f" <lora:{model}:{weight:g}>" if model else ""
    request = CellRequest(
        prompt=_filled(plan.prompts[prompt], plan, who) + tag,
        seed=seed,
        checkpoint=plan.checkpoint,
        negative_prompt=_filled(plan.negative_prompt, plan, who),
        steps=plan.steps,
        sampler_name=plan.sampler_name,
        cfg_scale=plan.cfg_scale,
        width=plan.width,
        height=plan.height,
        clip_skip=plan.clip_skip,
    )
    x, y = _place(plan, model, weight)
    group = f"m{plan.stems.index(model) + 1:02d}_w{weight:g}" if model else "none"
    return Cell(f"{group}_p{prompt + 1:02d}_s{seed}", x, y, model, weight, prompt, seed, request)


def _filled(prompt: str, plan: GridPlan, who: Person) -> str:
    # str.format would trip over the braces of wildcard variants such as {a|b}.
    return prompt.replace(TRIGGER, plan.trigger or who.trigger).replace(CLASS_WORD, who.class_word)


def _place(plan: GridPlan, model: str, weight: float) -> tuple[int, int]:
    if not model:
        return NO_LORA, NO_LORA
    along_models, along_weights = plan.stems.index(model), plan.weights.index(weight)
    if plan.x.kind == "saved_model":
        return along_models, along_weights
    return along_weights, along_models


def _from_record(entry: dict[str, Any]) -> Cell:
    return Cell(**{**entry, "request": CellRequest(**entry["request"])})

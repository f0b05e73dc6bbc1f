"""The cells of a grid: one picture each, in the order in which they are painted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import ODD_PARTS, read_record, write_record
from lib_t2p.grids.cells.cell_requests import NO_LORA, place_of, point_words, request_of
from lib_t2p.grids.grid_plan import GridPlan
from lib_t2p.painting import CellRequest, request_from_record, request_to_record
from lib_t2p.workspace import GridFolder, Person, PersonFolder, load_person

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

"""The plan of a grid as a file, checked when it is written and read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any, cast

from lib_t2p.errors import FaultsError, InputError, NewerSchemaError
from lib_t2p.files import write_text
from lib_t2p.grids.axes.axes import MAX_WEIGHT, Axis, AxisKind, GridModel, axis_faults, model_faults
from lib_t2p.grids.grid_plan import DENOISING, NEWEST, GridPlan
from lib_t2p.painting import PictureField, picture_faults
from lib_t2p.ranges import whole_number
from lib_t2p.toml_io import dump_toml, read_toml
from lib_t2p.workspace import GridFolder, PersonFolder

_TABLES = ("models", "x", "y", "z")
_KINDS: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float, int),
    "Path": (str,),
}
_LISTS: dict[str, tuple[type, ...]] = {"prompts": (str,), "seeds": (int,)}


def plan_to_table(plan: GridPlan) -> dict[str, Any]:
    """Scalars and lists first, then one sub-table per axis and per saved model."""
    table = {f.name: getattr(plan, f.name) for f in fields(plan) if f.name not in _TABLES}
    for name, axis in zip("xyz", plan.axes, strict=False):
        table[name] = {"kind": axis.kind, "values": list(axis.values)}
    for number, model in enumerate(plan.models, 1):
        table[f"model_{number}"] = {**vars(model), "path": str(model.path)}
    return table


def plan_from_table(table: Mapping[str, Any], faults: list[str]) -> GridPlan | None:
    """Build the plan; appends every fault of shape to `faults` and gives None if there was one."""
    before = len(faults)
    models = sorted((k for k in table if _model_number(k)), key=_model_number)
    values = _plain_values(table, faults)
    values["models"] = tuple(_model(key, table[key], faults) for key in models)
    for name in ("x", "y"):
        values[name] = _axis(name, table.get(name), faults)
    values["z"] = _axis("z", table["z"], faults) if "z" in table else None
    known = {f.name for f in fields(GridPlan)} | set(models)
    faults += [f"the key {key} is not known" for key in table if key not in known]
    return GridPlan(**values) if len(faults) == before else None


def _plain_values(table: Mapping[str, Any], faults: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in fields(GridPlan):
        if field.name in _TABLES:
            continue
        if field.name not in table:
            if field.default is MISSING:
                faults.append(f"the key {field.name} is missing")
        elif field.name in _LISTS:
            values[field.name] = _list(field.name, table[field.name], faults)
        elif _fits(table[field.name], _KINDS[str(field.type)]):
            values[field.name] = table[field.name]
        else:
            faults.append(f"{field.name} must be of type {field.type}: {table[field.name]!r}")
    return values


def _list(name: str, value: object, faults: list[str]) -> tuple[Any, ...]:
    if isinstance(value, list) and all(_fits(v, _LISTS[name]) for v in value):
        return tuple(value)
    faults.append(f"{name} must be a list of {_LISTS[name][0].__name__}: {value!r}")
    return ()


def _axis(name: str, value: object, faults: list[str]) -> Axis | None:
    if isinstance(value, Mapping) and set(value) == {"kind", "values"}:
        entries = value["values"]
        if isinstance(entries, list) and all(_fits(v, (str, int, float)) for v in entries):
            return Axis(cast(AxisKind, value["kind"]), tuple(entries))
    faults.append(f"the table [{name}] must have a kind and a list of values")
    return None


def _model(key: str, value: object, faults: list[str]) -> GridModel | None:
    wanted = {f.name: f for f in fields(GridModel)}
    if not isinstance(value, Mapping):
        faults.append(f"{key} must be a table")
        return None
    wrong = [
        name
        for name in {*wanted, *value}
        if name not in wanted
        or (name not in value and wanted[name].default is MISSING)
        or (name in value and not _fits(value[name], _KINDS[str(wanted[name].type)]))
    ]
    if wrong:
        faults.append(f"[{key}] has unknown, missing or mistyped keys: {', '.join(sorted(wrong))}")
        return None
    return GridModel(**{**value, "path": Path(value["path"])})


def _fits(value: object, kinds: tuple[type, ...]) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool)


def _model_number(key: str) -> int:
    number = key.removeprefix("model_")
    return (whole_number(number) if key.startswith("model_") else None) or 0


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


__all__ = ["NEWEST", "Axis", "GridModel", "GridPlan", "plan_faults", "read_plan", "write_plan"]

SCHEMA = 1
MAX_CELLS = 20_000
"""More pictures than this are a slip of the hand."""


_DATASET = PictureField("dataset", "Dataset", NEWEST, "int", minimum=NEWEST, maximum=999_999)
_LORA_WEIGHT = PictureField(
    "lora_weight", "LoRA weight", 1.0, "float", minimum=-MAX_WEIGHT, maximum=MAX_WEIGHT
)
_LORA_TAG = re.compile(r"<(?:lora|lyco):", re.IGNORECASE)


def plan_faults(plan: GridPlan) -> list[str]:
    """Name everything that keeps the plan from being painted, in the order of the form."""
    faults = (
        axes_faults(plan) + _text_faults(plan) + _seed_faults(plan.seeds) + _number_faults(plan)
    )
    if not faults and plan.cell_count > MAX_CELLS:
        faults.append(f"the grid has {plan.cell_count} pictures, more than {MAX_CELLS}")
    return faults


def with_dataset(plan: GridPlan, person: PersonFolder) -> GridPlan:
    """The plan with a version of its own; raises `InputError` when the person has no dataset."""
    if plan.dataset != NEWEST:
        return plan
    versions = person.datasets()
    if not versions:
        raise InputError(f"{person.slug} has no dataset yet: import photos and build one first.")
    return replace(plan, dataset=versions[-1].number)


def write_plan(grid: GridFolder, plan: GridPlan) -> None:
    """Check the plan and write `grid.toml`; raises `FaultsError` with all faults at once."""
    faults = plan_faults(plan)
    if faults:
        raise FaultsError("This grid cannot be drawn", faults)
    write_text(grid.plan, dump_toml({"schema": SCHEMA, **plan_to_table(plan)}))


def read_plan(grid: GridFolder) -> GridPlan:
    """Read and check `grid.toml`.

    Raises:
        InputError: missing or not TOML.
        FaultsError: all faults of its values at once.
        NewerSchemaError: written by a newer Text to Person.
    """
    table = read_toml(grid.plan)
    schema = table.pop("schema", None)
    if isinstance(schema, int) and schema > SCHEMA:
        raise NewerSchemaError(
            f"{grid.plan} was written by a newer Text to Person (schema {schema}, this one knows "
            f"{SCHEMA}): update the extension."
        )
    faults: list[str] = []
    if not isinstance(schema, int):
        faults.append("the key schema is missing: this is no grid of Text to Person")
    plan = plan_from_table(table, faults)
    if plan is not None:
        faults += plan_faults(plan)
    if plan is None or faults:
        raise FaultsError(f"{grid.plan} cannot be used", faults)
    return plan


def _text_faults(plan: GridPlan) -> list[str]:
    faults = [
        f"{name} is empty"
        for name in ("person", "checkpoint", "sampler_name")
        if not str(getattr(plan, name)).strip()
    ]
    if not plan.prompts:
        faults.append("there is no prompt: type at least one")
    for number, prompt in enumerate(plan.prompts, 1):
        if not prompt.strip():
            faults.append(f"prompt {number} is empty")
        if _LORA_TAG.search(prompt):
            faults.append(f"prompt {number} has a <lora:...> tag: the grid adds them itself")
        if prompt in plan.prompts[: number - 1]:
            faults.append(f"prompt {number} repeats an earlier one")
    return faults


def _seed_faults(seeds: Sequence[int]) -> list[str]:
    faults = [] if seeds else ["there is no seed: give at least one"]
    for n, seed in enumerate(seeds):
        if not 0 <= seed < 2**32:
            faults.append(f"the seed {seed} is not between 0 and {2**32 - 1}")
        if seed in seeds[:n]:
            faults.append(f"the seed {seed} is given twice")
    return faults


def _number_faults(plan: GridPlan) -> list[str]:
    return [
        *_DATASET.faults(plan.dataset),
        *picture_faults(plan),
        *_LORA_WEIGHT.faults(plan.lora_weight),
        *DENOISING.faults(plan.denoising),
    ]

"""A grid plan as a TOML table and back; only shapes are checked here, values in `plan`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, cast

from lib_t2p.grids.axes.axes import Axis, AxisKind, GridModel
from lib_t2p.grids.grid_plan import GridPlan
from lib_t2p.ranges import whole_number

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

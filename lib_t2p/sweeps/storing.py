"""`sweep.toml`: a sweep on disk, for people to read as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lib_t2p.errors import InputError, WorkspaceError
from lib_t2p.files import write_text
from lib_t2p.sweeps.points import PLACES, Point
from lib_t2p.sweeps.sweep import Sweep, checked_sweep
from lib_t2p.sweeps.sweep_axes import Choice, SweepAxis, axis_of
from lib_t2p.toml_io import dump_toml, read_toml
from lib_t2p.workspace import SweepFolder

SCHEMA = 1

_TEXTS = ("title", "description", "recipe", "checkpoint", "trainer", "mode", "repeated")
_NUMBERS = ("dataset", "photo_repeats", "cpu_threads", "repeats")


def write_sweep(folder: SweepFolder, sweep: Sweep) -> None:
    """Write `sweep.toml`, replacing an older one whole.

    Raises:
        WorkspaceError: the disk is full or the folder may not be written.
    """
    base = sweep.base
    own = {n: getattr(sweep, n) for n in ("title", "description", "recipe")}
    own |= {place: getattr(base, place) for place in PLACES}
    own |= {n: getattr(sweep, n) for n in ("mode", "repeats", "repeated")}
    tables = {"base": dict(base.settings), **axes_table(sweep.axes)}
    write_text(folder.record, dump_toml({"schema": SCHEMA, **own, **tables}))


def read_sweep(folder: SweepFolder) -> Sweep:
    """Read `sweep.toml`.

    Raises:
        InputError: there is no such sweep, or its file is damaged.
        SettingsError: its axes can't be used any more.
        WorkspaceError: a newer version wrote it.
    """
    if not folder.record.exists():
        raise InputError(f"There is no sweep {folder.id!r}: `t2p.py sweep list` names them.")
    table = read_toml(folder.record)
    if table.get("schema") != SCHEMA:
        raise WorkspaceError(
            f"{folder.record} has schema {table.get('schema')!r}, this Text to Person knows "
            f"{SCHEMA}: update the extension."
        )
    bad = [n for n in _TEXTS if not isinstance(table.get(n), str)]
    bad += [n for n in _NUMBERS if not isinstance(table.get(n), int)]
    if bad or not isinstance(table.get("base"), dict):
        named = ", ".join(bad) or "base"
        raise InputError(f"{folder.record} is damaged ({named}): make the sweep again.")
    base = Point(
        settings=table["base"],
        **{place: table[place] for place in PLACES},
    )
    own = {n: table[n] for n in ("title", "description", "recipe", "mode", "repeats", "repeated")}
    axes = axes_from(table, str(folder.record))
    return checked_sweep(Sweep(folder.id, folder.person.slug, base=base, axes=axes, **own))


def axes_table(axes: tuple[SweepAxis, ...]) -> dict[str, Any]:
    """The tables `axes` (name -> values or labels) and `choices` (what each label changes)."""
    plain: dict[str, Any] = {}
    choices: dict[str, Any] = {}
    for axis in axes:
        values = [c.changes.get(axis.name) for c in axis.choices]
        if axis == axis_of(axis.name, values) and _is_uniform(values):
            plain[axis.name] = values
        else:
            plain[axis.name] = [c.label for c in axis.choices]
            choices[axis.name] = {c.label: dict(c.changes) for c in axis.choices}
    return {"axes": plain, **({"choices": choices} if choices else {})}


def axes_from(table: Mapping[str, Any], where: str) -> tuple[SweepAxis, ...]:
    """The inverse of `axes_table`.

    Raises:
        InputError: the tables are damaged; `where` is named.
    """
    axes, choices = table.get("axes", {}), table.get("choices", {})
    if not isinstance(axes, dict) or not isinstance(choices, dict):
        raise InputError(f"{where} is damaged: [axes] and [choices] must be tables.")
    return tuple(_axis(name, values, choices.get(name), where) for name, values in axes.items())


def _axis(name: str, values: Any, choices: Any, where: str) -> SweepAxis:
    if not isinstance(values, list):
        raise InputError(f"{where} is damaged: the axis {name} must be a list.")
    if choices is None:
        return axis_of(name, values)
    whole = isinstance(choices, dict) and all(
        isinstance(choices.get(str(label)), dict) for label in values
    )
    if not whole:
        raise InputError(f"{where} is damaged: not every value of {name} stands in [choices].")
    return SweepAxis(name, tuple(Choice(str(label), choices[str(label)]) for label in values))


def _is_uniform(values: list[Any]) -> bool:
    """Whether every reader of TOML takes the list: of one plain type."""
    return len({type(value) for value in values}) == 1 and isinstance(
        values[0], (bool, int, float, str)
    )

"""Comparing a whole sweep: the last saved model of each of its runs, named by what it varies."""

from __future__ import annotations

from collections.abc import Sequence

from lib_t2p.errors import InputError, T2PError
from lib_t2p.runs import saved_models
from lib_t2p.sweeps import BASE, expand, made_runs, read_sweep
from lib_t2p.workspace import PersonFolder


def sweep_models(folder: PersonFolder, sweep_id: str, wanted: Sequence[str] = ()) -> dict[str, str]:
    """Stems of the last saved models -> the swept values, in the order of the sweep.

    Args:
        folder: of the person.
        sweep_id: folder name of the sweep.
        wanted: runs to take, by the name of the run or one of its values, such as `rank=64`; all
            when empty.

    Raises:
        InputError: there is no such sweep, none of its runs has saved a model, or none of them
            has a value that is wanted.
        T2PError: the sweep's file is damaged.
    """
    place = folder.sweep(sweep_id)
    if not place.record.exists():
        raise InputError(f"There is no sweep {sweep_id!r}: choose one from the list.")
    made = made_runs(place)
    found: dict[str, str] = {}
    values: dict[str, set[str]] = {}
    for run in expand(read_sweep(place)):
        at = made.folder_of(run)
        saved = saved_models(at) if at else []
        if saved:
            stem = saved[-1].stem
            found[stem] = run.name
            values[stem] = {run.name, run.group, *(f"{k}={v}" for k, v in run.labels.items())}
    if not found:
        raise InputError(f"No run of the sweep {sweep_id!r} has saved a model yet.")
    return _chosen(found, values, wanted) if wanted else found


def _chosen(
    found: dict[str, str], values: dict[str, set[str]], wanted: Sequence[str]
) -> dict[str, str]:
    known = sorted({value for of_run in values.values() for value in of_run})
    unknown = [value for value in wanted if value not in known]
    if unknown:
        named = ", ".join(map(repr, unknown))
        raise InputError(
            f"No trained run of the sweep has the value {named}: choose among {', '.join(known)}."
        )
    stems = [stem for value in wanted for stem in found if value in values[stem]]
    return {stem: found[stem] for stem in dict.fromkeys(stems)}


def base_of(labels: dict[str, str], stems: list[str]) -> str:
    """The stem of the sweep's base among those compared; empty when it is not one of them."""
    return next((stem for stem in stems if labels.get(stem) == BASE), "")


def sweeps_of(folder: PersonFolder) -> list[str]:
    """Sweeps with a saved model."""
    found = []
    for place in folder.sweeps():
        try:
            sweep_models(folder, place.id)
        except T2PError:
            continue
        found.append(place.id)
    return found

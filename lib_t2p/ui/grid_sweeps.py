"""Comparing a whole sweep: the last saved model of each of its runs, named by what it varies."""

from __future__ import annotations

from lib_t2p.errors import InputError, T2PError
from lib_t2p.training.runs import saved_models
from lib_t2p.training.sweeps.expanding import BASE, expand
from lib_t2p.training.sweeps.making import made_runs
from lib_t2p.training.sweeps.storing import read_sweep
from lib_t2p.workspace import PersonFolder


def sweep_models(folder: PersonFolder, sweep_id: str) -> dict[str, str]:
    """Stems of the last saved models -> the swept values, in the order of the sweep.

    Raises:
        InputError: there is no such sweep, or none of its runs has saved a model.
        T2PError: the sweep's file is damaged.
    """
    place = folder.sweep(sweep_id)
    if not place.record.exists():
        raise InputError(f"There is no sweep {sweep_id!r}: choose one from the list.")
    made = made_runs(place)
    found = {}
    for run in expand(read_sweep(place)):
        at = made.folder_of(run)
        saved = saved_models(at) if at else []
        if saved:
            found[saved[-1].stem] = run.name
    if not found:
        raise InputError(f"No run of the sweep {sweep_id!r} has saved a model yet.")
    return found


def labels_of(folder: PersonFolder, sweep_id: str | None) -> dict[str, str]:
    """As `sweep_models`; empty without a sweep."""
    return sweep_models(folder, sweep_id) if sweep_id else {}


def base_of(labels: dict[str, str], stems: list[str]) -> str:
    """The stem of the sweep's base among those compared; empty when it is none of them."""
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

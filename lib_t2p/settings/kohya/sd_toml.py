"""sd-scripts' own configuration file: flat, or in sections that mean nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lib_t2p.errors import InputError
from lib_t2p.settings.kohya.config import SECRETS, TrainingConfig
from lib_t2p.settings.options.table import all_options
from lib_t2p.toml_io import dump_toml

_ONLY_SDXL = tuple(n for n, o in all_options().items() if o.families == {"sdxl"})


def config_from_toml(table: Mapping[str, Any], where: str) -> TrainingConfig:
    """Read the values of such a file.

    Raises:
        InputError: it is a dataset file of sd-scripts, or holds no option at all.
    """
    if "datasets" in table:
        raise InputError(
            f"{where} describes a dataset, not settings: give its path as dataset_config."
        )
    flat: dict[str, Any] = {}
    for name, value in table.items():
        flat |= value if isinstance(value, dict) else {name: value}
    known = all_options()
    values = {n: v for n, v in flat.items() if n in known and n not in SECRETS}
    if not values:
        raise InputError(f"{where} holds no option of sd-scripts: choose another file.")
    if values.get("max_token_length") == 75:
        values["max_token_length"] = None
    strange = [name for name in flat if name not in known]
    notes = []
    if strange:
        notes.append(f"left out, since no pinned sd-scripts knows it: {', '.join(strange)}")
    notes += [
        f"{name} is left out: a secret belongs into the environment, not in files"
        for name in SECRETS
        if flat.get(name)
    ]
    return TrainingConfig("sd-scripts", values, family_of(values), notes=tuple(notes))


def family_of(values: Mapping[str, Any]) -> str:
    """`sdxl` when an option is used that only it has; empty when nothing tells."""
    return "sdxl" if any(values.get(name) for name in _ONLY_SDXL) else ""


def toml_from_config(config: TrainingConfig) -> str:
    """Write what differs from sd-scripts' defaults, of the newest tag's options."""
    fit = config.fitted()
    values: dict[str, Any] = {}
    for name, option in all_options().items():
        value = fit.values.get(name, option.default)
        # A default of our own is written, since leaving it out would mean another one there.
        own = option.default != option.original and option.original in (None, "")
        if name in fit.values and value != option.default and value is not None:
            values[name] = list(value) if isinstance(value, tuple) else value
        elif own and option.name not in _NOT_WRITTEN:
            values[name] = option.default
    return dump_toml(values)


_NOT_WRITTEN = ("train_data_dir", "save_last_n_epochs_state")
"""Ours mean a dataset of ours, and how states are kept here."""

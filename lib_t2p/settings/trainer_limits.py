"""What one trainer cannot do of settings that are good in themselves."""

from __future__ import annotations

from typing import Any

from lib_t2p.settings.arguments import (
    BUILTIN_NETWORK_ARGUMENTS,
    OPTIMIZER_ARGUMENTS,
    argument_faults,
)
from lib_t2p.settings.options.option import BUILTIN, Option
from lib_t2p.settings.options.table import all_options
from lib_t2p.settings.settings import Settings, changed_values, unknown_to

MOST_RANK = 1024
"""Ranks above the width of the layers hold nothing more; LoKr of LyCORIS means "all" by them."""


def trainer_faults(settings: Settings, trainer: str, family: str) -> list[str]:
    """Name every setting that a trainer does not have or cannot do, one sentence each.

    Args:
        trainer: a trainer's key, such as `builtin` or `sd-scripts-v0.9.1`.
        family: `sd15` or `sdxl`.
    """
    faults = [_unknown(option, trainer, family) for option in unknown_to(settings, trainer, family)]
    for name, value in changed_values(settings).items():
        option = all_options()[name]
        if option.known_to(trainer, family):
            faults += _choice_faults(option, value, trainer)
            faults += _kind_faults(option, value, trainer)
    if settings.network_module.startswith("networks.") and settings.network_dim > MOST_RANK:
        faults.append(
            f"network_dim is {settings.network_dim}, but must be 1 to {MOST_RANK} for "
            f"{settings.network_module}"
        )
    return faults + (_builtin_faults(settings) if trainer == BUILTIN else [])


def _unknown(option: Option, trainer: str, family: str) -> str:
    if trainer in option.trainers:
        known = ", ".join(sorted(option.families))
        return f"{trainer} has {option.name} for {known} only, not for {family}: leave it out"
    known = ", ".join(sorted(option.trainers))
    return f"{trainer} does not know {option.name}: leave it out, or train with {known}"


def _choice_faults(option: Option, value: Any, trainer: str) -> list[str]:
    here, anywhere = option.choices_for(trainer), option.choices
    # A name that no trainer lists was trusted explicitly; sd-scripts may import it, we do not.
    unlisted = value not in anywhere and trainer != BUILTIN
    if not here or unlisted or str(value) in here:
        return []
    return [f"{trainer} has no {option.name} {value}: choose one of {', '.join(here)}"]


def _kind_faults(option: Option, value: Any, trainer: str) -> list[str]:
    if isinstance(value, tuple) and "tuple" not in option.kind_for(trainer):
        return [f"{trainer} takes one {option.name} for all text encoders: give a single number"]
    return []


def _builtin_faults(settings: Settings) -> list[str]:
    faults = argument_faults(
        "network_args", settings.network_args, BUILTIN_NETWORK_ARGUMENTS, "the built-in trainer"
    )
    if settings.optimizer_type in OPTIMIZER_ARGUMENTS:
        faults += argument_faults(
            "optimizer_args",
            settings.optimizer_args,
            OPTIMIZER_ARGUMENTS[settings.optimizer_type],
            settings.optimizer_type,
        )
    return faults

"""The table of all options, made from the groups' fields."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from typing import Any

from lib_t2p.settings.options.caption_options import CaptionOptions
from lib_t2p.settings.options.data import DataOptions
from lib_t2p.settings.options.header_options import MetadataOptions
from lib_t2p.settings.options.logs import LogOptions
from lib_t2p.settings.options.loss import LossOptions
from lib_t2p.settings.options.machine import MachineOptions
from lib_t2p.settings.options.network_options import NetworkOptions
from lib_t2p.settings.options.option import SAME, Option
from lib_t2p.settings.options.output_options import OutputOptions
from lib_t2p.settings.options.rate_options import RateOptions
from lib_t2p.settings.options.run_options import RunOptions
from lib_t2p.settings.options.several import SeveralOptions
from lib_t2p.settings.options.steps import StepOptions

GROUPS: dict[str, type] = {
    "LoRA": NetworkOptions,
    "Data": DataOptions,
    "Captions": CaptionOptions,
    "Steps": StepOptions,
    "Optimizer and learning rate": RateOptions,
    "Noise and loss": LossOptions,
    "Precision and memory": MachineOptions,
    "Saving and samples": OutputOptions,
    "Metadata": MetadataOptions,
    "Logs and uploads": LogOptions,
    "Several cards and compilers": SeveralOptions,
}
"""Heading of a form -> the options under it."""

RUN_GROUP = "Decided by the run"


@lru_cache(maxsize=1)
def option_table() -> tuple[Option, ...]:
    """Every setting, group by group in the order of a form."""
    return tuple(
        option for group, owner in GROUPS.items() for option in _options(group, owner, "setting")
    )


@lru_cache(maxsize=1)
def run_options() -> tuple[Option, ...]:
    """What the run itself decides."""
    return tuple(_options(RUN_GROUP, RunOptions, "run"))


@lru_cache(maxsize=1)
def all_options() -> dict[str, Option]:
    """Every option of every trainer by name: settings first, then what a run decides."""
    return {option.name: option for option in (*option_table(), *run_options())}


@lru_cache(maxsize=1)
def path_options() -> tuple[str, ...]:
    """Names of the settings that may name a file or folder."""
    return tuple(option.name for option in option_table() if option.path)


def _options(group: str, owner: Any, role: Any) -> list[Option]:
    made = []
    for field in fields(owner):
        about = dict(field.metadata["option"])
        if about["gui_key"] is SAME:
            about["gui_key"] = field.name
        made.append(
            Option(
                name=field.name,
                default=field.default,
                kind=str(field.type),
                group=group,
                role=role,
                **about,
            )
        )
    return made

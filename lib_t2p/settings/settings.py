"""Checked training settings: all groups of options in one frozen dataclass."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_t2p.errors import SettingsError
from lib_t2p.settings.arguments import number_of, parse_arguments
from lib_t2p.settings.coercion import Unfit, coerced
from lib_t2p.settings.combinations import cross_faults
from lib_t2p.settings.options.caption_options import CaptionOptions
from lib_t2p.settings.options.data import DataOptions
from lib_t2p.settings.options.header_options import MetadataOptions
from lib_t2p.settings.options.logs import LogOptions
from lib_t2p.settings.options.loss import LossOptions
from lib_t2p.settings.options.machine import MachineOptions
from lib_t2p.settings.options.network_options import NetworkOptions
from lib_t2p.settings.options.option import Option
from lib_t2p.settings.options.output_options import OutputOptions
from lib_t2p.settings.options.rate_options import RateOptions
from lib_t2p.settings.options.several import SeveralOptions
from lib_t2p.settings.options.steps import StepOptions
from lib_t2p.settings.options.table import all_options, option_table
from lib_t2p.toml_io import dump_toml, read_toml

__all__ = [
    "Settings",
    "changed_values",
    "option_table",
    "settings_from",
    "settings_from_toml",
    "settings_to_toml",
    "unknown_to",
]


@dataclass(frozen=True)
class Settings(
    SeveralOptions,
    LogOptions,
    MetadataOptions,
    OutputOptions,
    MachineOptions,
    LossOptions,
    RateOptions,
    StepOptions,
    CaptionOptions,
    DataOptions,
    NetworkOptions,
):
    """All settings of a training, by sd-scripts' own option names; made by `settings_from`."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of training in pixels."""
        width, height = (int(part) for part in self.resolution.split(","))
        return width, height

    @property
    def conv_dim(self) -> int | None:
        """Rank of the 3x3 convolutions; None when they are not trained."""
        rank = parse_arguments(self.network_args)[0].get("conv_dim")
        return rank if isinstance(rank, int) else None

    @property
    def conv_alpha(self) -> float:
        """Alpha of the 3x3 convolutions; 1 unless given, as in sd-scripts."""
        return number_of(parse_arguments(self.network_args)[0], "conv_alpha", 1.0)

    @property
    def text_encoder_rate(self) -> float:
        """Learning rate of the (first) text encoder, from 0."""
        rate = self.text_encoder_lr
        if rate is None:
            return self.learning_rate
        return rate[0] if isinstance(rate, tuple) else rate

    @property
    def trains_text_encoder(self) -> bool:
        """Whether a text encoder gets a LoRA that learns."""
        rates = self.text_encoder_lr
        learns = any(rates) if isinstance(rates, tuple) else self.text_encoder_rate > 0
        return not self.network_train_unet_only and learns

    @property
    def trains_unet(self) -> bool:
        """Whether the U-Net gets a LoRA that learns."""
        rate = self.learning_rate if self.unet_lr is None else self.unet_lr
        return not self.network_train_text_encoder_only and rate > 0


def settings_from(values: Mapping[str, Any], *, trusted: bool = False) -> Settings:
    """Check values and make settings of them.

    Args:
        values: by option name; numbers may be texts, as a shell or a form gives them.
        trusted: whether a person said that names of code which is not listed may be run; never
            over the API.

    Raises:
        SettingsError: all faults at once: unknown names, values out of range, bad combinations.
    """
    table = {option.name: option for option in option_table()}
    faults = [_unknown(name, list(table)) for name in values if name not in table]
    checked: dict[str, Any] = {}
    for name, value in values.items():
        if name in table:
            try:
                checked[name] = coerced(table[name], value, trusted=trusted)
            except Unfit as unfit:
                faults.append(str(unfit))
    faults += _combined(values, checked)
    if faults:
        raise SettingsError("These training settings cannot be used", faults)
    return Settings(**checked)


def unknown_to(settings: Settings, trainer: str, family: str) -> list[Option]:
    """The options that were changed and that a trainer does not have for a family.

    Args:
        trainer: a trainer's key, such as `sd-scripts-v0.9.1`.
        family: `sd15` or `sdxl`.
    """
    table = all_options()
    changed = (table[name] for name in changed_values(settings))
    return [option for option in changed if not option.known_to(trainer, family)]


def changed_values(settings: Settings) -> dict[str, Any]:
    """The values that differ from the defaults, in the order of the table."""
    pairs = ((option, getattr(settings, option.name)) for option in option_table())
    return {option.name: value for option, value in pairs if value != option.default}


def settings_to_toml(settings: Settings) -> str:
    """Write the values that differ from the defaults."""
    return dump_toml(changed_values(settings))


def settings_from_toml(path: Path) -> Settings:
    """Read settings from a TOML file; raises `InputError` or `SettingsError`."""
    return settings_from(read_toml(path))


def _combined(values: Mapping[str, Any], checked: Mapping[str, Any]) -> list[str]:
    """Bad combinations; nothing is said of a value that is at fault already."""
    table = {option.name: option for option in option_table()}
    unfit = {name for name in values if name in table and name not in checked}
    # Code that is not trusted is still what the arguments belong to.
    named = {n: values[n] for n in unfit if table[n].trust == "code" and type(values[n]) is str}
    full = {name: option.default for name, option in table.items()} | named | dict(checked)
    words = re.compile(r"\b(?:" + "|".join(unfit or {"(?!)"}) + r")\b")
    return [fault for fault in cross_faults(full) if not words.search(fault)]


def _unknown(name: str, known: list[str]) -> str:
    if name in all_options():
        return f"{name} is decided by the run itself: leave it out"
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"there is no setting {name!r}{hint}"

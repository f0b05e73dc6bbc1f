"""Settings as sd-scripts' own configuration file wants them."""

from __future__ import annotations

from typing import Any

from lib_t2p.errors import SettingsError
from lib_t2p.settings.options.option import NEWEST, OLDEST, Option
from lib_t2p.settings.options.table import option_table
from lib_t2p.settings.settings import Settings
from lib_t2p.settings.trainer_limits import trainer_faults

INFINITE = "1e999"
"""Infinity as a Python literal, which is all that sd-scripts reads of an argument."""


def to_sd_scripts(
    settings: Settings, trainer: str, family: str, *, total_steps: int | None = None
) -> dict[str, Any]:
    """Make the values of `--config_file` (dumped as TOML; types are not converted there).

    What equals sd-scripts' own default is left out. `train_data_dir`, `reg_data_dir` and
    `sample_prompts` are as in the settings: the run puts absolute paths in their place, and adds
    what it decides itself (`lib_t2p.settings.options.run_options`).

    Args:
        trainer: key of a tag, such as `sd-scripts-v0.9.1`.
        family: `sd15` for train_network.py, `sdxl` for sdxl_train_network.py.
        total_steps: optimizer steps in all; v0.8.7 needs it to count a warm-up that is a share.

    Raises:
        SettingsError: the tag does not know a changed setting, or a share cannot be counted.
    """
    faults = trainer_faults(settings, trainer, family)
    values: dict[str, Any] = {}
    for option in option_table():
        value = getattr(settings, option.name)
        if not option.known_to(trainer, family) or _is_default(option, value):
            continue
        try:
            values[option.name] = _value(option, value, trainer, total_steps)
        except ValueError as error:
            faults.append(str(error))
    if faults:
        raise SettingsError(f"{trainer} cannot train with these settings", faults)
    return values


def _is_default(option: Option, value: Any) -> bool:
    original = option.original
    if original is None or original == "":
        return value in (None, "", ())
    return bool(value == original)


def _value(option: Option, value: Any, trainer: str, total_steps: int | None) -> Any:
    if option.name == "text_encoder_lr" and trainer == NEWEST:
        return list(value) if isinstance(value, tuple) else [value]
    if isinstance(value, tuple):
        return [_argument(part) if isinstance(part, str) else part for part in value]
    if option.kind == "int | float":
        return _steps(option, value, trainer, total_steps)
    return int(value) if option.kind.startswith("int") and option.choices else value


def _argument(text: str) -> str:
    name, equals, value = text.partition("=")
    infinite = value.strip().lower() in ("inf", "float('inf')", 'float("inf")')
    return f"{name}{equals}{INFINITE}" if infinite else text


def _steps(option: Option, value: int | float, trainer: str, total_steps: int | None) -> Any:
    if value >= 1 or value == 0:
        # A number with a decimal point would be taken for a share there, however large.
        return int(value)
    if trainer != OLDEST:
        return value
    if total_steps is None:
        raise ValueError(f"{option.name} is {value}, but {trainer} needs a number of steps")
    return int(value * total_steps)

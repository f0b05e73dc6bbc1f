"""Settings of any file of kohya's world, in one shape."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from lib_t2p.errors import InputError, SettingsError
from lib_t2p.settings.coercion import Unfit, coerced
from lib_t2p.settings.kohya.json_members import MAX_BYTES
from lib_t2p.settings.options.table import all_options
from lib_t2p.settings.settings import Settings, settings_from


def read_small(path: Path) -> bytes:
    """Read a file of at most 4 MiB.

    Raises:
        InputError: missing, a folder, not allowed, or larger.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(
                f"{path} is larger than 4 MiB, so it holds no settings: choose another."
            )
        return path.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError(f"{path} cannot be read: {why}. Check the path.") from error
    except ValueError as error:
        raise InputError(f"{str(path)!r} is no path: {error}. Check it.") from error


Kind = Literal["gui", "sd-scripts", "recipe", "lora"]
SECRETS = ("wandb_api_key", "huggingface_token")


@dataclass(frozen=True)
class TrainingConfig:
    """What a file says, by sd-scripts' option names.

    Attributes:
        kind: of the file.
        values: unchecked, settings and what a run decides alike; numbers may be texts.
        family: `sd15` or `sdxl`; empty when the file does not tell.
        launch: what accelerate is told, by its own names, such as num_cpu_threads_per_process.
        notes: sentences on what was left out, or means something else than it seems.
        extra: additional parameters that no tag knows, as the GUI holds them.
        additional: names of options that stand in the GUI's additional parameters.
        title: of a recipe or LoRA.
        description: of a recipe.
    """

    kind: Kind
    values: Mapping[str, Any]
    family: str = ""
    launch: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    additional: frozenset[str] = frozenset()
    title: str = ""
    description: str = ""

    def setting_values(self) -> dict[str, Any]:
        """The values that are settings, still unchecked."""
        table = all_options()
        return {n: v for n, v in self.values.items() if table[n].role == "setting"}

    def run_values(self) -> dict[str, Any]:
        """The values that a run of ours decides itself."""
        table = all_options()
        return {n: v for n, v in self.values.items() if table[n].role == "run"}

    def settings(self, *, trusted: bool = False) -> Settings:
        """Checked settings; raises `SettingsError` with all faults."""
        return settings_from(self.setting_values(), trusted=trusted)

    def fitted(self) -> TrainingConfig:
        """The same with every value in its option's type.

        Nothing is run here, so that code which is not listed may be named; combinations are
        checked when settings are made.

        Raises:
            SettingsError: values of a wrong type or out of range, all at once.
        """
        fit, faults = _fit(self.values)
        if faults:
            raise SettingsError("These training settings cannot be used", faults)
        return replace(self, values=fit)

    def changed(self, changes: Mapping[str, Any]) -> TrainingConfig:
        """The same with other values by option name.

        Raises:
            SettingsError: there is no such option, or a value does not fit it; all at once.
        """
        table = all_options()
        faults = [_unknown(name, list(table)) for name in changes if name not in table]
        fit, unfit = _fit({n: v for n, v in changes.items() if n in table})
        if faults + unfit:
            raise SettingsError("These changes cannot be made", faults + unfit)
        return replace(self, values={**self.values, **fit})


def different_values(config: TrainingConfig) -> dict[str, Any]:
    """The values that differ from our defaults, fit where they can be, in the table's order."""
    found: dict[str, Any] = {}
    for name, option in all_options().items():
        if name in config.values:
            value = shown_value(name, config.values[name])
            if value != option.default:
                found[name] = value
    return found


def fitting(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that fit their options, in their types."""
    return _fit(values)[0]


def shown_value(name: str, value: Any) -> Any:
    """A value in its option's type, or as it stands in the file when it does not fit."""
    try:
        return coerced(all_options()[name], value, trusted=True)
    except Unfit:
        return value


def _fit(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Values in their options' types, and a sentence for each that does not fit."""
    table = all_options()
    fit: dict[str, Any] = {}
    faults = []
    for name, value in values.items():
        try:
            fit[name] = coerced(table[name], value, trusted=True)
        except Unfit as unfit:
            faults.append(str(unfit))
    return fit, faults


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"there is no option {name!r}{hint}"

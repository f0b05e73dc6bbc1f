"""kohya_ss's GUI JSON: read, edited and written so that nothing else changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from lib_t2p.errors import InputError, SettingsError
from lib_t2p.files import write_bytes
from lib_t2p.settings.kohya.config import TrainingConfig, fitting, read_small, shown_value
from lib_t2p.settings.kohya.from_gui import config_from_gui
from lib_t2p.settings.kohya.gui_keys import OFF_AT_ZERO, known_keys
from lib_t2p.settings.kohya.json_members import Member, members, replaced
from lib_t2p.settings.kohya.to_gui import gui_values, unheld
from lib_t2p.settings.options.table import all_options
from lib_t2p.settings.settings import Settings


@dataclass(frozen=True)
class GuiConfig:
    """A file of kohya_ss's GUI.

    Attributes:
        text: the whole document; byte order mark, line ends and number formats are in it.
        where: what to call it in an error, usually a path.
    """

    text: str
    where: str = "the file"

    @cached_property
    def _members(self) -> tuple[Member, ...]:
        return members(self.text, self.where)

    @property
    def values(self) -> dict[str, Any]:
        """Values by GUI key, in the order of the file."""
        return {member.name: member.value for member in self._members}

    def written(self, key: str) -> str:
        """A value as it is written, such as `1e-4` or `"0"`; raises `KeyError`."""
        found = {m.name: self.text[m.start : m.end] for m in self._members}
        return found[key]

    def config(self) -> TrainingConfig:
        """What it means, by sd-scripts' option names.

        Raises:
            InputError: it holds no key of the GUI.
        """
        if not known_keys().intersection(self.values):
            raise InputError(f"{self.where} holds no setting of kohya_ss: choose another file.")
        return config_from_gui(self.values)

    def settings(self, *, trusted: bool = False) -> tuple[Settings, tuple[str, ...]]:
        """Checked settings, and a sentence for all that they do not hold.

        Raises:
            SettingsError: all faults at once.
        """
        config = self.config()
        return config.settings(trusted=trusted), config.notes

    def edited(self, changes: Mapping[str, Any]) -> GuiConfig:
        """Change values by GUI key; a number stays a text where it was one.

        Raises:
            SettingsError: a value is no text, number, true or false.
        """
        faults = [
            f"{key} is {value!r:.60}, but must be a text, a number, true or false"
            for key, value in changes.items()
            if not isinstance(value, (str, int, float)) or value != value
        ]
        if faults:
            raise SettingsError(f"{self.where} cannot be edited so", faults)
        old, plain = self.values, self.text.isascii()
        texts = {}
        for key, value in changes.items():
            if key in old and _equal(old[key], value):
                continue
            before = self.written(key) if key in old else ""
            texts[key] = _text(_like(old.get(key), before, value), plain)
        return GuiConfig(replaced(self.text, self._members, texts), self.where)

    def with_settings(self, settings: Mapping[str, Any]) -> GuiConfig:
        """Change options by sd-scripts' names: only the keys that mean them are edited.

        What the GUI has no key for goes into its additional parameters.

        Raises:
            SettingsError: a value does not fit, or has spaces and no key; all at once.
        """
        if not settings:
            return self
        config = self.config()
        old = gui_values(config)
        changed = config.changed(settings)
        new = gui_values(changed)
        if lost := {name: why for name, why in unheld(changed).items() if name in settings}:
            raise SettingsError(f"{self.where} cannot be edited so", list(lost.values()))
        unfit = set(config.values) - set(fitting(config.values))
        mended = {all_options()[name].gui_key for name in unfit & set(settings)}
        kind_of_noise = new.pop("noise_offset_type")
        edits = {k: v for k, v in new.items() if v != old.get(k) or k in mended}
        before = self.values.get("noise_offset_type") or "Original"
        if "multires_noise_iterations" in settings and kind_of_noise != before:
            # Chosen by hand in the GUI: a value of the other kind is kept and changes nothing.
            edits["noise_offset_type"] = kind_of_noise
        return self.edited(edits)

    def differing(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Those of the settings, by name, that are not what this file means already."""
        values, options = self.config().values, all_options()
        return {
            name: value
            for name, value in settings.items()
            if _said(name, values.get(name, options[name].default)) != _said(name, value)
        }

    def unheeded(self, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """Which of the changed settings stand in the file without effect; a sentence each."""
        wanted = {n: shown_value(n, value) for n, value in settings.items()}
        return tuple(
            f"{name} = {value!r:.80} has no effect in this file of the GUI: {_reason(name)}"
            for name, value in self.differing(wanted).items()
        )

    def write(self, path: Path) -> None:
        """Write it; raises `WorkspaceError`."""
        write_bytes(path, self.text.encode("utf-8"))


def read_gui(path: Path) -> GuiConfig:
    """Read a GUI JSON.

    Raises:
        InputError: missing, too large, too deep, not JSON, no object of settings.
    """
    try:
        config = GuiConfig(read_small(path).decode("utf-8"), str(path))
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is no text in UTF-8 ({error.reason}): save it so.") from error
    _ = config.values
    return config


def new_gui(config: TrainingConfig) -> GuiConfig:
    """A GUI JSON of our own, with every key that the GUI has for our options."""
    # Ours may say in its additional parameters what a file of an old GUI has a key for.
    body = json.dumps(gui_values(replace(config, kind="recipe")), indent=2)
    return GuiConfig(body)


_NOISE = ("noise_offset", "noise_offset_random_strength", "adaptive_noise_scale")


def _said(name: str, value: Any) -> Any:
    value = shown_value(name, value)
    return None if name in OFF_AT_ZERO and value == 0 else value


def _reason(name: str) -> str:
    if name in _NOISE:
        return "its noise_offset_type is Multires; set multires_noise_iterations=0 to change that"
    return "another of its values overrides it"


def _equal(old: Any, new: Any) -> bool:
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new
    return bool(old == new or str(old) == str(new))


def _like(old: Any, written: str, new: Any) -> Any:
    """A new value in the shape of the old one."""
    if isinstance(new, bool) or isinstance(old, bool):
        return new
    if isinstance(old, str):
        return str(new)
    if isinstance(old, (int, float)) and isinstance(new, str):
        try:
            new = int(new)
        except ValueError:
            try:
                new = float(new)
            except ValueError:
                return new
    if isinstance(new, int) and isinstance(old, float) and "." in written:
        return float(new)
    return new


def _text(value: Any, plain: bool) -> str:
    return json.dumps(value, ensure_ascii=plain)

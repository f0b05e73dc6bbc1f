"""Any settings file: its kind is told by its ending and its content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lib_t2p.errors import InputError
from lib_t2p.files import write_text
from lib_t2p.lora import read_header
from lib_t2p.settings.kohya.config import SECRETS, Kind, TrainingConfig, read_small
from lib_t2p.settings.kohya.gui_json import new_gui, read_gui
from lib_t2p.settings.kohya.ss_metadata import settings_from_metadata
from lib_t2p.settings.kohya.to_gui import unheld
from lib_t2p.settings.options.option import FAMILIES
from lib_t2p.settings.options.table import all_options
from lib_t2p.toml_io import dump_toml, parse_toml

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


SCHEMA = 1
"""Of our recipes."""


def read_config(path: Path) -> TrainingConfig:
    """Read a GUI JSON, an sd-scripts TOML, a recipe or run of ours, or a LoRA's metadata.

    Raises:
        InputError: missing, or none of these.
        LoraError: a damaged `.safetensors` file.
    """
    kind = kind_of(path)
    if kind == "gui":
        return read_gui(path).config()
    if kind == "lora":
        return _from_lora(path)
    table = _toml(path)
    if _is_recipe(table):
        return _from_recipe(table, path)
    return config_from_toml(table, str(path))


def kind_of(path: Path) -> Kind:
    """Tell the kind of a file that exists; raises `InputError` as `read_config`."""
    if path.suffix.lower() == ".safetensors":
        return "lora"
    start = read_small(path)[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if path.suffix.lower() == ".json" or start.startswith(b"{"):
        return "gui"
    return "recipe" if _is_recipe(_toml(path)) else "sd-scripts"


def output_kind(path: Path, source: Kind) -> Kind:
    """Tell what to write: `.json` is the GUI's; `.toml` is sd-scripts', or a recipe of that.

    Raises:
        InputError: another ending.
    """
    if path.suffix.lower() == ".json":
        return "gui"
    if path.suffix.lower() == ".toml":
        return "recipe" if source == "sd-scripts" else "sd-scripts"
    raise InputError(f"{path.name} ends neither in .json nor in .toml: choose one of them.")


def write_config(config: TrainingConfig, path: Path, kind: Kind) -> None:
    """Write a config as a file of another kind.

    Raises:
        SettingsError: values that do not fit their options.
        InputError: the kind is a LoRA's.
        WorkspaceError: it cannot be written.
    """
    if kind == "lora":
        raise InputError("Settings cannot be written into a LoRA: choose .json or .toml.")
    if kind == "gui":
        new_gui(config.fitted()).write(path)
    elif kind == "recipe":
        write_text(path, recipe_toml(config, path.stem))
    else:
        write_text(path, toml_from_config(config))


def recipe_toml(config: TrainingConfig, name: str) -> str:
    """A recipe of ours; what a run decides is not in it."""
    fit = config.fitted()
    defaults = {n: option.default for n, option in all_options().items()}
    values = {
        n: list(v) if isinstance(v, tuple) else v
        for n, v in fit.setting_values().items()
        if v != defaults[n] and v is not None
    }
    ordered = {n: values[n] for n in defaults if n in values}
    head: dict[str, Any] = {
        "schema": SCHEMA,
        "title": config.title or name,
        "description": config.description or f"Imported from a file of kind {config.kind}.",
    }
    if config.family:
        head["family"] = config.family
    return dump_toml({**head, "settings": ordered})


def not_carried(config: TrainingConfig, kind: Kind) -> tuple[str, ...]:
    """Sentences on what a file of another kind cannot hold."""
    notes = list(config.notes)
    if kind == "gui":
        notes += [f"left out: {why}" for why in unheld(config).values()]
    if kind == "recipe":
        run = [name for name, value in config.run_values().items() if value]
        if run:
            notes.append(f"left out, since a run decides it: {', '.join(run)}")
    if kind != "gui" and config.launch:
        notes.append(f"left out, since accelerate takes it: {', '.join(config.launch)}")
    if kind != "gui" and config.extra:
        notes.append(f"left out, since no pinned tag knows it: {' '.join(config.extra)}")
    if kind == "sd-scripts" and not str(config.values.get("sample_prompts") or "").strip():
        asked = [n for n in _SAMPLED if config.values.get(n) not in (None, "", 0, "0", False)]
        notes += [
            f"{name} without sample_prompts: sd-scripts trains on and then ends without a LoRA; "
            "leave it out or give prompts"
            for name in asked
        ]
    if kind == "sd-scripts" and config.family == "sdxl":
        notes.append("for SDXL: train it with sdxl_train_network.py")
    return tuple(dict.fromkeys(notes))


_SAMPLED = ("sample_every_n_epochs", "sample_every_n_steps", "sample_at_first")


def _toml(path: Path) -> dict[str, Any]:
    try:
        text = read_small(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is no text in UTF-8 ({error.reason}): save it so.") from error
    return parse_toml(text, str(path))


def _is_recipe(table: dict[str, Any]) -> bool:
    return isinstance(table.get("schema"), int) and isinstance(table.get("settings"), dict)


def _from_recipe(table: dict[str, Any], path: Path) -> TrainingConfig:
    if table["schema"] > SCHEMA:
        raise InputError(
            f"{path} has schema {table['schema']}, this Text to Person knows {SCHEMA}: update it."
        )
    found, known = table["settings"], all_options()
    strange = [name for name in found if name not in known]
    notes = (f"left out, since there is no such setting: {', '.join(strange)}",) if strange else ()
    values = {name: value for name, value in found.items() if name in known}
    family = table.get("family")
    return TrainingConfig(
        "recipe",
        values,
        family if family in FAMILIES else family_of(values),
        notes=notes,
        title=str(table.get("title") or table.get("name") or path.stem),
        description=str(table.get("description", "")),
    )


def _from_lora(path: Path) -> TrainingConfig:
    header = read_header(path)
    metadata = header.metadata
    values, unrecorded = settings_from_metadata(metadata)
    if not values:
        raise InputError(f"{path} has no settings in its metadata: choose another LoRA.")
    parts = _trained_parts(header.tensors)
    values |= parts
    unrecorded = tuple(name for name in unrecorded if name not in parts)
    version = metadata.get("ss_base_model_version", "")
    family = "sdxl" if version.startswith("sdxl") else "sd15" if version else ""
    notes = (f"not recorded: {', '.join(unrecorded)}",)
    return TrainingConfig("lora", values, family, notes=notes, title=path.stem)


def _trained_parts(tensors: Iterable[str]) -> dict[str, Any]:
    """Which parts have a LoRA; the metadata does not say, but the tensors do."""
    names = list(tensors)
    text = any(name.startswith("lora_te") for name in names)
    unet = any(name.startswith("lora_unet") for name in names)
    if not text and not unet:
        return {}
    return {
        "network_train_unet_only": unet and not text,
        "network_train_text_encoder_only": text and not unet,
    }

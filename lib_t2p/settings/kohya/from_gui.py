"""What a GUI JSON means, by sd-scripts' option names.

The rules are those by which kohya_ss v22 to v26 make a command line or a TOML file of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lib_t2p.settings.kohya.additional import parse_additional
from lib_t2p.settings.kohya.config import SECRETS, TrainingConfig
from lib_t2p.settings.kohya.gui_keys import (
    LAUNCH,
    MODERN,
    OFF_AT_ZERO,
    OTHER_FAMILIES,
    known_keys,
    plain_keys,
)
from lib_t2p.settings.kohya.gui_network import network_from_gui, rates_from_gui
from lib_t2p.settings.kohya.gui_values import arguments, is_on, number, off, text
from lib_t2p.settings.options.table import all_options

_PLACEHOLDER = re.compile(r"\s*<[^<>]*>\s*\Z")
_NOT_GIVEN = {"dynamo_backend": "no"}
_LISTS = ("optimizer_args", "lr_scheduler_args")
_UNUSED_PREFIXES = ("flux1_", "sd3_", "hunyuan_", "lumina_", "anima_")


def config_from_gui(gui: Mapping[str, Any]) -> TrainingConfig:
    """Read the values of a GUI JSON; what is odd becomes a note, never an error."""
    notes: list[str] = []
    family = "sdxl" if is_on(gui.get("sdxl")) else "sd15"
    values = _plain(gui, notes)
    values |= _special(gui, family, notes)
    values |= rates_from_gui(gui, family, notes)
    values |= network_from_gui(gui, notes)
    additional = parse_additional(text(gui.get("additional_parameters")))
    values |= additional.values
    notes += additional.notes
    for name in SECRETS:
        if values.pop(name, ""):
            notes.append(f"{name} is left out: a secret belongs into the environment, not in files")
    notes += _unread(gui)
    launch = {key: gui[key] for key in LAUNCH if not off(gui.get(key))}
    named = frozenset(additional.values)
    return TrainingConfig("gui", values, family, launch, tuple(notes), additional.unknown, named)


def _plain(gui: Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
    options = all_options()
    values: dict[str, Any] = {}
    for key, name in plain_keys().items():
        value = gui.get(key)
        if value is None or value == "" or (name in OFF_AT_ZERO and number(value) == 0):
            continue
        if (value is False and options[name].kind != "bool") or value == _NOT_GIVEN.get(name):
            continue
        if isinstance(value, str) and _PLACEHOLDER.match(value):
            own = "the dataset's own" if name == "reg_data_dir" else "chosen by the run"
            notes.append(f"{key} is the placeholder {value.strip()}: {own}")
            if name == "reg_data_dir":
                values[name] = "reg"
        else:
            values[name] = arguments(value) if name in _LISTS else value
    return values


def _special(gui: Mapping[str, Any], family: str, notes: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if gui.get("max_resolution"):
        values["resolution"] = gui["max_resolution"]
    if gui.get("optimizer"):
        values["optimizer_type"] = gui["optimizer"]
    values |= _corrected(gui)
    weights = gui.get("lora_network_weights")
    if weights:
        values["network_weights"] = weights
    values |= _noise(gui)
    values |= _attention(gui)
    values |= _xl(gui, family, notes)
    if is_on(gui.get("use_wandb")):
        values["log_with"] = "wandb"
    if number(gui.get("stop_text_encoder_training")):
        notes.append("stop_text_encoder_training is left out: kohya_ss ignores it too")
    return values


def _corrected(gui: Mapping[str, Any]) -> dict[str, Any]:
    """Values that mean the default, or are written in another type."""
    values: dict[str, Any] = {}
    if number(gui.get("max_timestep")) == 1000:
        values["max_timestep"] = None
    if number(gui.get("clip_skip")) == 1:
        values["clip_skip"] = None
    if number(gui.get("max_token_length")) == 75:
        values["max_token_length"] = None
    if isinstance(gui.get("seed"), int) and gui["seed"] == 0:
        values["seed"] = None
    if gui.get("save_model_as") == "same as source model":
        values["save_model_as"] = "safetensors"
    if not (gui.get("network_weights") or gui.get("lora_network_weights")):
        values["dim_from_weights"] = False
    return values


def _noise(gui: Mapping[str, Any]) -> dict[str, Any]:
    """Only one of the two kinds of noise is handed over."""
    if text(gui.get("noise_offset_type")) in ("", "Original"):
        unused = {"multires_noise_iterations": None, "multires_noise_discount": 0.3}
        if not number(gui.get("noise_offset")):
            unused["adaptive_noise_scale"] = None
        return unused
    return {
        "noise_offset": None,
        "adaptive_noise_scale": None,
        "noise_offset_random_strength": False,
    }


def _attention(gui: Mapping[str, Any]) -> dict[str, Any]:
    kind = gui.get("xformers")
    return {
        "xformers": kind is True or kind == "xformers",
        "sdpa": kind == "sdpa" or is_on(gui.get("sdpa")),
    }


def _xl(gui: Mapping[str, Any], family: str, notes: list[str]) -> dict[str, Any]:
    cached = is_on(gui.get("sdxl_cache_text_encoder_outputs"))
    modern = any(key in gui for key in MODERN)
    whole = is_on(gui.get("sdxl_no_half_vae")) and (family == "sdxl" or not modern)
    if cached and family != "sdxl":
        notes.append("sdxl_cache_text_encoder_outputs is left out: it is for SDXL only")
    return {"cache_text_encoder_outputs": cached and family == "sdxl", "no_half_vae": whole}


def _unread(gui: Mapping[str, Any]) -> list[str]:
    notes = [
        f"{key} is ticked: {family} cannot be trained here, only SD1.5 and SDXL"
        for key, family in OTHER_FAMILIES.items()
        if is_on(gui.get(key))
    ]
    known = known_keys()
    strange = [
        key
        for key, value in gui.items()
        if key not in known and not key.startswith(_UNUSED_PREFIXES) and not off(value)
    ]
    if strange:
        notes.append(
            "left out, since no option of sd-scripts' LoRA training for SD1.5 and SDXL carries it: "
            f"{', '.join(strange)}"
        )
    if is_on(gui.get("no_token_padding")):
        notes.append("no_token_padding is left out: no pinned sd-scripts has it any more")
    return notes

"""Steps and learning rates of a GUI JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lib_t2p.settings.kohya.gui_values import number, text

_CYCLES = ("cosine_with_restarts", "cosine_with_min_lr", "warmup_stable_decay")


def rates_from_gui(gui: Mapping[str, Any], family: str, notes: list[str]) -> dict[str, Any]:
    """Epochs, warm-up and rates as kohya_ss hands them over."""
    return {**_length(gui), **_warm_up(gui, notes), **_cycles(gui), **_rates(gui, family)}


def _length(gui: Mapping[str, Any]) -> dict[str, Any]:
    if number(gui.get("max_train_epochs")):
        return {"max_train_epochs": gui["max_train_epochs"]}
    if number(gui.get("max_train_steps")) or not number(gui.get("epoch")):
        return {"max_train_epochs": None}
    # The GUI counts the steps of so many epochs itself; sd-scripts counts them exactly.
    return {"max_train_epochs": gui["epoch"]}


def _warm_up(gui: Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
    percent, steps = number(gui.get("lr_warmup")) or 0, number(gui.get("lr_warmup_steps")) or 0
    if not percent and not steps:
        return {"lr_warmup_steps": 0}
    if text(gui.get("lr_scheduler")) in ("", "constant"):
        notes.append("the warm-up is left out: the scheduler constant has none")
        return {"lr_warmup_steps": 0}
    if steps:
        return {"lr_warmup_steps": gui["lr_warmup_steps"]}
    # 1 would be a single step.
    return {"lr_warmup_steps": min(percent / 100, 0.9999) if percent > 0 else 0}


def _cycles(gui: Mapping[str, Any]) -> dict[str, Any]:
    given = gui.get("lr_scheduler_num_cycles")
    if given not in (None, ""):
        return {"lr_scheduler_num_cycles": given}
    if text(gui.get("lr_scheduler")) in _CYCLES and number(gui.get("epoch")):
        return {"lr_scheduler_num_cycles": gui["epoch"]}
    return {}


def _rates(gui: Mapping[str, Any], family: str) -> dict[str, Any]:
    """A rate of 0 means that this part is not trained, unless both are."""
    text_rate, unet_rate = gui.get("text_encoder_lr"), gui.get("unet_lr")
    if isinstance(text_rate, list):
        text_rate = " ".join(map(str, text_rate))
    text_on = number(text_rate) != 0 and text_rate not in (None, "")
    unet_on = number(unet_rate) != 0 and unet_rate not in (None, "")
    second = number(gui.get("t5xxl_lr"))
    if family == "sdxl" and second and text_on:
        text_rate = f"{text_rate} {gui['t5xxl_lr']}"
    return {
        "text_encoder_lr": text_rate if text_on else None,
        "unet_lr": unet_rate if unet_on else None,
        "network_train_unet_only": unet_on and not text_on,
        "network_train_text_encoder_only": text_on and not unet_on,
    }

"""LoRA_type and its relatives in a GUI JSON, as network_module and network_args; rates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lib_t2p.settings.kohya.gui_keys import (
    ALGORITHMS,
    BLOCKS,
    CONVOLUTION,
    LYCORIS,
    MODULES,
    NATIVE,
    PLUS,
)
from lib_t2p.settings.kohya.gui_values import number, off, text

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


LYCORIS_MODULE = "lycoris.kohya"
_WORDS = re.compile(r"[^\W\d_]{2}")
"""A word, as a path or a name has it."""

_RENAMED = {"LyCORIS_preset": "preset", "constrain": "constraint"}


def network_from_gui(gui: Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
    """The module and its arguments; only keys that LoRA_type makes use of are taken."""
    kind = text(gui.get("LoRA_type")) or "Standard"
    if kind in ALGORITHMS:
        return {"network_module": LYCORIS_MODULE, "network_args": _lycoris(gui, kind)}
    if kind not in MODULES:
        notes.append(f"LoRA_type {kind} is left out: it trains neither SD1.5 nor SDXL")
        return {}
    if kind in ("Kohya LoHa", "Kohya LoKr"):
        return {"network_module": MODULES[kind], "network_args": _native(gui, kind)}
    args = []
    if kind in ("Kohya LoCon", "Kohya DyLoRA"):
        args += _given(gui, CONVOLUTION)
    args += _given(gui, BLOCKS)
    if kind == "Kohya DyLoRA":
        args += _given(gui, ("unit",))
    args += _given(gui, PLUS)
    return {"network_module": MODULES[kind], "network_args": args}


def _given(gui: Mapping[str, Any], keys: tuple[str, ...]) -> list[str]:
    return [f"{key}={_written(gui[key])}" for key in keys if not off(gui.get(key))]


def _lycoris(gui: Mapping[str, Any], kind: str) -> list[str]:
    # -1 lets LoKr choose its factor, as leaving it out does.
    keys = [
        key
        for key in (*CONVOLUTION, "rank_dropout", "module_dropout", *LYCORIS)
        if not off(gui.get(key)) and not (key == "factor" and number(gui[key]) == -1)
    ]
    if kind != "LyCORIS/LoKr":
        keys = [k for k in keys if k not in ("factor", "decompose_both", "use_cp")]
    if kind != "LyCORIS/iA3":
        keys = [k for k in keys if k != "train_on_input"]
    if kind != "LyCORIS/DyLoRA":
        keys = [k for k in keys if k != "unit"]
    if kind not in ("LyCORIS/Diag-OFT", "LyCORIS/BOFT"):
        keys = [k for k in keys if k not in ("constrain", "rescaled")]
    named = {**_RENAMED, "unit": "block_size"}
    args = [f"{named.get(key, key)}={_written(gui[key])}" for key in keys]
    return [*args, f"algo={ALGORITHMS[kind]}"]


def _native(gui: Mapping[str, Any], kind: str) -> list[str]:
    """sd-scripts' own LoHa and LoKr, which have fewer arguments than LyCORIS's."""
    factor = kind == "Kohya LoKr" and number(gui.get("factor")) not in (None, -1)
    return [*_given(gui, (*CONVOLUTION, *NATIVE)), *(_given(gui, ("factor",)) if factor else ())]


def _written(value: Any) -> str:
    """A value as an argument holds it; rows of numbers without spaces, others as they are."""
    text = str(value).strip()
    return text.replace(" ", "") if not _WORDS.search(text) else text

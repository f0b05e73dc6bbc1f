"""LoRA_type and its relatives in a GUI JSON, as network_module and network_args."""

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

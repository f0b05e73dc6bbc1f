"""Registering with the WebUI's callbacks."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

Category = Literal["ui_tabs", "before_ui", "ui_settings", "cfg_denoiser", "app_started"]

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "text_to_person.py"
"""The script of ours that the WebUI loads."""

BEFORE_1_9 = ("script", "callback")
"""Fields of an entry in the WebUI's lists up to 1.8."""


def listen(category: Category, function: Callable[..., Any]) -> None:
    """Have `function` called as `script_callbacks.on_<category>` does.

    To find out whose callback it is, the `on_` functions look through the sources of the whole
    stack: 40 ms each with torch loaded. The WebUI is told instead, in the way of its version.
    """
    from modules import script_callbacks

    add = getattr(script_callbacks, "add_callback", None)
    entry: Any = vars(script_callbacks).get("ScriptCallback")
    known = getattr(script_callbacks, "callback_map", {}).get(f"callbacks_{category}")
    if known is not None and add is not None and "filename" in inspect.signature(add).parameters:
        add(known, function, category=category, filename=str(SCRIPT))
    elif known is not None and getattr(entry, "_fields", ()) == BEFORE_1_9:
        known.append(entry(str(SCRIPT), function))
    else:
        getattr(script_callbacks, f"on_{category}")(function)

"""The WebUI as host (AUTOMATIC1111, Forge): the only place that imports `modules.*`."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

TITLE = "Text to Person"
ELEMENT = "t2p"

_log = logging.getLogger("text_to_person")


def register(extension: Path) -> None:
    """Register our callbacks; a fault is logged and the WebUI starts without us.

    Args:
        extension: our folder under the WebUI's `extensions/`.
    """
    try:
        from modules import script_callbacks

        script_callbacks.on_ui_tabs(lambda: [(notice_page(extension), TITLE, ELEMENT)])
    except Exception:
        _log.exception("Text to Person could not register its tab; the WebUI goes on without it.")


def notice_page(extension: Path) -> Any:
    """A page which says how to work until the tabs run inside the WebUI."""
    import gradio

    with gradio.Blocks(analytics_enabled=False) as page:
        gradio.Markdown(
            f"### {TITLE}\n\nThis version works beside the WebUI; its tabs open by\n\n"
            f"    python3 {extension / 't2p.py'}\n",
            elem_id="t2p_notice",
        )
    return page

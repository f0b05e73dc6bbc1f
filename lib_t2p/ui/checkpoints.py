"""Choosing a base checkpoint: by its title, or by a typed path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from lib_t2p.actions import Host, allowed_path
from lib_t2p.errors import InputError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.context import TabContext


def checkpoint_field(context: TabContext, label: str, elem_id: str) -> Any:
    """A list of base checkpoints in which a path may be typed as well."""
    known = context.host.checkpoints()
    return g.private(
        gr.Dropdown(
            choices=known,
            value=known[0] if known else None,
            label=label,
            elem_id=elem_id,
            info="Choose one, or type the path of a .safetensors file or a diffusers folder.",
            allow_custom_value=True,
        )
    )


def checkpoint_path(host: Host, chosen: str | None) -> Path:
    """The chosen base checkpoint.

    Args:
        host: that offers titles.
        chosen: a title, or a typed path.

    Raises:
        InputError: none is chosen, it does not exist, or lies outside the allowed folders.
    """
    typed = (chosen or "").strip()
    if not typed:
        raise InputError("No base checkpoint: choose one or type its path.")
    path = host.checkpoint_path(typed) or allowed_path(host, typed)
    if not path.exists():
        raise InputError(f"There is no base checkpoint at {path}: choose one that exists.")
    return path


def checkpoint_title(host: Host, path: str) -> str:
    """The title under which a host offers a path, else the path."""
    titles = (t for t in host.checkpoints() if host.checkpoint_path(t) == Path(path))
    return next(titles, path)

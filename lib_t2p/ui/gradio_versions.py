"""All differences between gradio 3.41.2 (AUTOMATIC1111) and 4.40.0 (Forge and our studio)."""

from __future__ import annotations

import asyncio
import inspect
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import gradio as gr
from starlette.applications import Starlette

from lib_t2p.ui.event_guard import guarded

MAJOR = int(gr.__version__.split(".", maxsplit=1)[0])
"""3 or 4."""

_SCRIPT = "js" if "js" in inspect.signature(gr.Blocks.load).parameters else "_js"
PATHS = "filepath" if MAJOR >= 4 else "file"
"""The type of a box for files that gives paths."""

Shown = TypeVar("Shown")


def bind(
    event: Callable[..., Any],
    handler: Callable[..., Any] | None,
    inputs: Sequence[Any] = (),
    outputs: Sequence[Any] = (),
    *,
    quiet: bool = False,
    script: str = "",
) -> Any:
    """Attach a handler to an event such as `button.click`.

    Args:
        event: the component's event method.
        handler: called with the values of `inputs`, gives those of `outputs`; guarded here.
        inputs: components that are read.
        outputs: components that are changed.
        quiet: without gradio's own waiting marks; for what runs every second.
        script: a JavaScript function that runs in the page first.

    Returns:
        What gradio gives, to chain `.then` on.
    """
    options: dict[str, Any] = {
        "inputs": list(inputs),
        "outputs": list(outputs),
        "api_name": False,
        # The queue is shared with the WebUI's own pictures: nothing of ours may wait behind them.
        "queue": False,
        "show_progress": "hidden" if quiet else "minimal",
    }
    if script:
        options[_SCRIPT] = script
    return event(guarded(handler) if handler else None, **options)


def application(blocks: gr.Blocks) -> Any:
    """A page as an ASGI application, which serves no file but uploads by itself.

    Its queue is never begun, which no event of ours uses (see `bind`). `lib_t2p.api.gateway` stands
    around it.
    """
    given: Any = blocks
    given.allowed_paths, given.blocked_paths = [], []
    given.show_error = True
    told: dict[str, Any] = {"show_error": True} if MAJOR >= 4 else {}
    outer: Any = Starlette()
    gr.mount_gradio_app(outer, blocks, path="/page", **told)
    served: Any = outer.routes[-1].app
    if getattr(served, "stop_event", served) is None:
        # Made outside of an event loop it has none, and every opened page would wait for it.
        served.stop_event = asyncio.Event()
    return served


def run_at_load(blocks: gr.Blocks, script: str) -> None:
    """Run the text of a JavaScript file once when the page has loaded."""
    blocks.load(None, **{_SCRIPT: f"() => {{ {script} }}"})


def unchanged() -> Any:
    """Leave a component as it is."""
    return gr.update()


def changed(**properties: Any) -> Any:
    """Change some properties of a component, such as `choices` or `value`."""
    return gr.update(**properties)


def uploaded_paths(value: Any) -> list[Path]:
    """Where the files of an upload lie; gradio 3 gives open files, gradio 4 paths."""
    files = value if isinstance(value, list) else [value] if value else []
    return [Path(str(getattr(file, "name", file))) for file in files]


def upload_copies(value: Any) -> list[Path]:
    """Where gradio 3 keeps what came over the wire: it hands over copies of those files."""
    files = value if isinstance(value, list) else [value] if value else []
    return [Path(file.orig_name) for file in files if getattr(file, "orig_name", None)]


def upload_cache() -> Path:
    """The folder in which this gradio keeps uploads."""
    return Path(os.environ.get("GRADIO_TEMP_DIR") or Path(tempfile.gettempdir()) / "gradio")


def file_url(path: Path) -> str:
    """Address of a file that the host allows to be served, relative to the page.

    It carries the file's time, so that a browser never shows an older picture of that name.
    """
    stamp = int(path.stat().st_mtime_ns // 1_000_000) if path.exists() else 0
    return f"file={quote(path.as_posix())}?v={stamp}"


def private(component: Shown) -> Shown:
    """Keep live state and lists out of the WebUI's `ui-config.json`, which would freeze them."""
    component.do_not_save_to_config = True  # type: ignore[attr-defined]
    return component

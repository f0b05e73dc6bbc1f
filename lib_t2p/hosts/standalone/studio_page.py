"""The studio's page in gradio, and its web server in a thread of its own."""

from __future__ import annotations

import threading
import webbrowser
from typing import Any

import gradio as gr
import uvicorn

from lib_t2p.access import Access
from lib_t2p.actions import Host
from lib_t2p.api import AccessGuard, Answers, App, around_page, mount
from lib_t2p.errors import SetupError
from lib_t2p.hosts.standalone.ports import ADDRESS
from lib_t2p.ui import JobWatch, guard_events
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.page import SCRIPTS, STYLE, build_tabs

STARTING = 60.0
"""Seconds until it must answer; a busy machine takes a few."""


class PageServer(uvicorn.Server):
    """Serves one application on this machine until it is closed.

    Args:
        app: the ASGI application.
        port: which must be free.
    """

    def __init__(self, app: Any, port: int) -> None:
        # No proxy stands before it: what claims to come from one is not believed.
        super().__init__(
            uvicorn.Config(
                app,
                host=ADDRESS,
                port=port,
                log_level="warning",
                proxy_headers=False,
                server_header=False,
                ws="none",
                timeout_graceful_shutdown=2,
            )
        )
        self._answering = threading.Event()
        self._thread = threading.Thread(target=self.run, name="studio page", daemon=True)

    def begin(self) -> None:
        """Answer from now on.

        Raises:
            SetupError: the port was taken meanwhile, or nothing answers.
        """
        self._thread.start()
        if not self._answering.wait(STARTING) or not self.started:
            raise SetupError(
                "The page of the studio does not answer: give another port with --port."
            )

    async def startup(self, sockets: Any = None) -> None:
        """As uvicorn's; tells whoever waits for it."""
        try:
            await super().startup(sockets)
        finally:
            self._answering.set()

    def wait(self) -> None:
        """Until it is closed; an interrupt comes through."""
        while self._thread.is_alive():
            self._thread.join(1.0)

    def close(self) -> None:
        """Answer nothing more."""
        self.should_exit = True
        self._thread.join(5.0)


TITLE = "Text to Person"
# The theme's own fonts would be fetched from the net.
FONTS = ["system-ui", "Segoe UI", "Roboto", "sans-serif"]
MONOSPACE = ["ui-monospace", "Consolas", "monospace"]


def studio_page(host: Host, watch: JobWatch | None = None) -> gr.Blocks:
    """Build the page; `watch` follows the jobs, made for the host's workspace when None."""
    # Its own grey for helps and tabs is hard to read on white: a contrast of 2.5.
    theme = gr.themes.Default(font=FONTS, font_mono=MONOSPACE).set(
        body_text_color_subdued="*neutral_500",
        block_info_text_color="*neutral_500",
        input_placeholder_color="*neutral_500",
    )
    css = STYLE.read_text(encoding="utf-8")
    with gr.Blocks(title=TITLE, theme=theme, css=css, analytics_enabled=False) as blocks:
        gr.HTML(f"<h2>{TITLE}</h2>", elem_id="t2p_title")
        build_tabs(blocks, host, watch)
        for script in SCRIPTS:
            g.run_at_load(blocks, script.read_text(encoding="utf-8"))
    return blocks


STUDIO = Access(here_only=True)
"""Who may ask the studio: pages of its own, on this machine, under this machine's names."""


def studio_app(host: Host, page: gr.Blocks) -> App:
    """Everything that the studio answers: the page and the API, all of it inside the guard."""
    served = g.application(page)
    mount(served, host, STUDIO)
    around = around_page(served, host.workspace, g.upload_cache(), interface=True)
    return Answers(AccessGuard(around, STUDIO, doors=frozenset({"/"})))


def serve(host: Host, port: int, *, open_browser: bool, wait: bool) -> gr.Blocks:
    """Serve the page on this machine; only files of the workspace can be read through it.

    Raises:
        SetupError: the port was taken meanwhile.
    """
    blocks = studio_page(host)
    guard_events(STUDIO)
    server = PageServer(studio_app(host, blocks), port)
    server.begin()
    # What `close` of the page ends.
    blocks.server, blocks.is_running = server, True
    if open_browser:
        webbrowser.open(f"http://{ADDRESS}:{port}/")
    if wait:
        server.wait()
    return blocks

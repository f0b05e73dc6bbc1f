"""The web server of the studio, in a thread of its own."""

from __future__ import annotations

import threading
from typing import Any

import uvicorn

from lib_t2p.errors import SetupError
from lib_t2p.hosts.standalone.ports import ADDRESS

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

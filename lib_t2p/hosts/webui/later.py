"""What is made when it is first asked for, so that a start does not pay for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from lib_t2p.api import App, Receive, Scope, Send

_log = logging.getLogger(__name__)


class Later:
    """ASGI: an application that is made at its first request.

    Args:
        make: makes it, in a thread of its own. A fault is logged and answered with a sentence,
            and the next request tries again.
        name: what it is, for that sentence.
    """

    def __init__(self, make: Callable[[], App], name: str) -> None:
        self._make, self._name = make, name
        self._made: App | None = None
        self._making = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        from starlette.concurrency import run_in_threadpool
        from starlette.responses import PlainTextResponse

        try:
            made = await run_in_threadpool(self._once) if self._made is None else self._made
        except Exception as error:
            _log.exception("making %s", self._name)
            said = f"Text to Person could not make {self._name}: {error}"
            await PlainTextResponse(said, status_code=500)(scope, receive, send)
            return
        await made(scope, receive, send)

    def _once(self) -> App:
        with self._making:
            if self._made is None:
                self._made = self._make()
            return self._made

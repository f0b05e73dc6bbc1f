"""Our interface and our page beside the WebUI's own, behind the same credentials.

Both are made when they are first asked for: a start does not pay for them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from lib_t2p.access import Access
from lib_t2p.api import PREFIX, AccessGuard, App, Receive, Scope, Send, guarded, put_first
from lib_t2p.hosts.webui import flags

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


def serve_api(app: Any) -> None:
    """Put the interface before the routes of the WebUI's application; made when first asked."""
    allowed = flags.access()
    trusted = bool(allowed.credentials)
    put_first(app, PREFIX, guarded(Later(lambda: _interface(trusted), "its interface"), allowed))


def _interface(trusted: bool) -> App:
    from lib_t2p.api import api_app
    from lib_t2p.hosts.webui.forks import this_fork
    from lib_t2p.hosts.webui.webui_host import WebuiHost
    from lib_t2p.workspace import open_workspace

    host = WebuiHost(open_workspace(flags.workspace_root()), this_fork().name)
    return api_app(host, trusted=trusted)


PATH = "/t2p/page"
"""Where the page is served; `javascript/t2p_open.js` asks for it there."""


@dataclass(frozen=True)
class LoggedIn:
    """ASGI: lets through to `app` only who is logged in to the WebUI (`--gradio-auth`).

    The WebUI is asked itself: gradio answers `/login_check` with 200 to those whom it lets in.
    """

    app: App
    webui: Any

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        from starlette.responses import PlainTextResponse

        if getattr(self.webui, "auth", None) is None or await self._knows(scope):
            await self.app(scope, receive, send)
            return
        said = PlainTextResponse("Log in to the WebUI first.", status_code=401)
        await said(scope, receive, send)

    async def _knows(self, scope: Scope) -> bool:
        answers: list[int] = []

        async def ask() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def hear(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                answers.append(int(message["status"]))

        own = ("path_params", "endpoint", "route", "router", "state")
        bare = {name: value for name, value in scope.items() if name not in own}
        place = {"method": "GET", "path": "/login_check", "raw_path": b"/login_check"}
        asked = {**bare, **place, "root_path": "", "app_root_path": "", "query_string": b""}
        await self.webui(asked, ask, hear)
        return answers == [200]


def serve_page(app: Any, access: Access) -> None:
    """Serve the page below `/t2p/page` of the WebUI's application.

    Args:
        app: the application that gradio made for the WebUI.
        access: who may ask; passwords are the WebUI's own matter.
    """
    page = Later(_page, "its page")
    put_first(app, PATH, AccessGuard(LoggedIn(page, app), access))


def _page() -> App:
    from lib_t2p.api import around_page
    from lib_t2p.hosts.webui.webui_tab import full_page
    from lib_t2p.ui import application, upload_cache

    page, workspace = full_page()
    return around_page(application(page), workspace, upload_cache())

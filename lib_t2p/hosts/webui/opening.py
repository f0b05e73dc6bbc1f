"""Our page in the WebUI, made when the tab is first opened: a start does not pay for it."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from lib_t2p.access import Access
from lib_t2p.api import AccessGuard, App, Receive, Scope, Send, put_first
from lib_t2p.hosts.webui.later import Later

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

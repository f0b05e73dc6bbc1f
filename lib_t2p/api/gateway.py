"""What stands around the interface and around a page of gradio's, and where both are put.

Only what the page itself needs gets through to it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_t2p.access import Access, Refusal
from lib_t2p.api.admission import AccessGuard, App, Receive, Scope, Send, path_of, say_no
from lib_t2p.api.answers import Answers, OwnPage
from lib_t2p.api.limits import EVENTS, RequestLimits, replayed
from lib_t2p.api.served_files import PREFIXES, ServedFiles
from lib_t2p.json_io import loads
from lib_t2p.workspace import Workspace

PREFIX = "/t2p/v1"
"""Where the interface is served."""


def put_first(app: Any, path: str, served: App) -> None:
    """Serve `served` below a path of a host's application.

    It goes before the host's own routes, one of which may take every address. When it is there
    already (Reload UI with the same application) it is replaced.

    Args:
        app: a Starlette or FastAPI application.
        path: such as `/t2p/v1`.
        served: an ASGI application.
    """
    routes = app.router.routes
    routes[:] = [route for route in routes if getattr(route, "path", "") != path]
    app.mount(path, served)
    routes.insert(0, routes.pop())


ROUTES = re.compile(
    r"/?|/config/?|/info/?|/theme\.css|/favicon\.ico|/robots\.txt|/app_id/?|/login_check/?"
    r"|/startup-events|/upload/?|/upload_progress|/reset/?|/cancel|/heartbeat/[\w-]{1,64}"
    r"|/(?:run|api)/predict/?|/queue/(?:join|data|status)"
    r"|/(?:static|assets)(?:/[\w-][\w.@+-]*)+"
)
"""gradio's own addresses that a page of ours asks for. Left out are those that fetch from other
machines (`/proxy=`), call parts of a page by name, show a second page (`/monitoring`) or log in."""

NO_ROUTE = Refusal(404, "There is nothing here: the page is at its root, the API at /t2p/v1.")

MOST_NESTED = 64

MOST_PARTS = 200_000
"""Lists and objects of an event: each takes far more memory than its two letters."""


@dataclass(frozen=True)
class PageRoutes:
    """ASGI: the addresses of a page, each with its own check.

    Attributes:
        page: gradio's application.
        files: answers for files.
        uploads: the folder in which files lie that an event may name.
        interface: whether `page` answers for the API as well.
    """

    page: App
    files: App
    uploads: Path
    interface: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http":
            await self.page(scope, receive, send)
            return
        path = path_of(scope)
        if path.startswith(PREFIXES):
            await self.files(scope, receive, send)
        elif self.interface and path.startswith(f"{PREFIX}/"):
            await self.page(scope, receive, send)
        elif not ROUTES.fullmatch(path):
            await say_no(send, NO_ROUTE)
        elif EVENTS.fullmatch(path):
            await self._pass_event(scope, receive, send)
        else:
            await self.page(scope, receive, send)

    async def _pass_event(self, scope: Scope, receive: Receive, send: Send) -> None:
        # `Limits` gives the body in one piece.
        body = (await receive()).get("body", b"")
        refused = self.refusal(body)
        if refused is None:
            await self.page(scope, replayed(body, receive), send)
        else:
            await say_no(send, refused)

    def refusal(self, body: bytes) -> Refusal | None:
        """Why an event is not let through, or None.

        gradio copies each file that an event names before it calls our handler, and fetches it
        when its name is an address.
        """
        try:
            if body.count(b"{") + body.count(b"[") > MOST_PARTS:
                raise ValueError("too many parts")
            named = list(_files_in(loads(body or b"{}"), MOST_NESTED))
        except (ValueError, RecursionError):
            return Refusal(400, "The body of this event is no JSON that a page would send.")
        foreign = next((name for name in named if not self._is_upload(name)), None)
        if foreign is None:
            return None
        return Refusal(
            403, f"{foreign[:200]!r} was not uploaded to this page: drop the file into its box."
        )

    def _is_upload(self, name: str) -> bool:
        try:
            return Path(name).resolve().is_relative_to(self.uploads.resolve())
        except (OSError, ValueError, RuntimeError):
            return False


def _files_in(value: Any, depth: int) -> Iterator[str]:
    """Names of all files in the values of an event, as both versions of gradio write them."""
    if depth == 0:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        # Without `is_file` gradio 3 reads the text of `data` and no file.
        for key, is_read in (("path", True), ("name", bool(value.get("is_file")))):
            if is_read and isinstance(value.get(key), str):
                yield value[key]
        for inner in value.values():
            yield from _files_in(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _files_in(inner, depth - 1)


def around_page(page: App, workspace: Workspace, uploads: Path, *, interface: bool = False) -> App:
    """A page with its limits, its files and the headers of its answers; who may ask comes before.

    Args:
        page: what gradio made.
        workspace: whose pictures and reports it shows.
        uploads: the folder in which gradio keeps uploads.
        interface: whether `page` answers for the API as well.
    """
    routes = PageRoutes(page, ServedFiles(workspace, uploads), uploads, interface)
    folders = (uploads, Path(tempfile.gettempdir()))
    pages = frozenset({"", "/"})
    return Answers(OwnPage(RequestLimits(routes, folders=folders), pages), pages)


def guarded(interface: App, access: Access) -> App:
    """The interface behind its guard, its limits and the headers of its answers."""
    return Answers(AccessGuard(RequestLimits(interface), access))

"""What stands before every route: a WebUI checks its own only, an extension's are open."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from lib_t2p.access import Access, Refusal, refusal

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

ONCE = ("host", "origin", "content-length", "content-type", "authorization")
"""Headers that two programs would read differently when they come twice."""

FORWARDED = (b"x-forwarded-", b"forwarded", b"x-original-", b"x-rewrite-")


@dataclass(frozen=True)
class AccessGuard:
    """ASGI: lets through to `app` only what `access` allows.

    Attributes:
        app: what is guarded.
        access: what a request must bring.
        doors: paths to which a plain link from anywhere may lead: they show a page and do nothing.
    """

    app: App
    access: Access
    doors: frozenset[str] = frozenset()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection; what is no HTTP request is closed."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        refused = self._refused(scope)
        if refused is None:
            await self.app(self._believed(scope), receive, send)
        else:
            await say_no(send, refused)

    def _believed(self, scope: Scope) -> Scope:
        """Without what a proxy would say, where there is none: gradio makes addresses of it."""
        if not self.access.here_only:
            return scope
        kept = [pair for pair in scope["headers"] if not pair[0].lower().startswith(FORWARDED)]
        return {**scope, "headers": kept}

    def _refused(self, scope: Scope) -> Refusal | None:
        names = [name.decode("latin-1").lower() for name, _ in scope["headers"]]
        doubled = next((name for name in ONCE if names.count(name) > 1), None)
        if doubled:
            return Refusal(400, f"The header {doubled} came twice: send it once.")
        if "content-length" in names and "transfer-encoding" in names:
            return Refusal(400, "A body has a length or comes in chunks: send one of the two.")
        shown = scope.get("method") in ("GET", "HEAD") and path_of(scope) in self.doors
        return refusal(self.access, headers_of(scope), by_link=shown)


def headers_of(scope: Scope) -> dict[str, str]:
    """The headers of a request, names in lower case."""
    return {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}


def path_of(scope: Scope) -> str:
    """The path below the place where an application is served; starlette's versions differ."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    return path[len(root) :] if root and path.startswith(root + "/") else path


async def say_no(send: Send, refused: Refusal) -> None:
    """Answer with a sentence in place of what was asked for."""
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    if refused.status == 401:
        headers.append((b"www-authenticate", b'Basic realm="Text to Person"'))
    if refused.status in (400, 413, 507):
        # What is still on its way is not read.
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    # gradio's page shows `error`, everybody else reads `detail`.
    body = json.dumps({"detail": refused.reason, "error": refused.reason}).encode("utf-8")
    await send({"type": "http.response.body", "body": body})

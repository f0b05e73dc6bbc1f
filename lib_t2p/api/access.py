"""What stands before every route: a WebUI checks its own only, an extension's are open."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from lib_t2p.access import Access, refusal

__all__ = ["Access", "Guard"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True)
class Guard:
    """ASGI: lets through to `app` only what `access` allows."""

    app: App
    access: Access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection; what is no HTTP request is closed."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        pairs = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in scope["headers"]]
        refused = refusal(self.access, {k.lower(): v for k, v in pairs})
        if refused is None:
            await self.app(scope, receive, send)
            return
        headers = [(b"content-type", b"application/json")]
        if refused.status == 401:
            headers.append((b"www-authenticate", b'Basic realm="Text to Person"'))
        start = {"type": "http.response.start", "status": refused.status, "headers": headers}
        await send(start)
        body = json.dumps({"detail": refused.reason}).encode("utf-8")
        await send({"type": "http.response.body", "body": body})

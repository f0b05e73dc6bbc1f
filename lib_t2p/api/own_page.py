"""The page without what gradio's template would load from other sites."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from lib_t2p.api.access import App, Receive, Scope, Send, path_of

ELSEWHERE = re.compile(
    rb"<script\s[^>]*src=\"https?://[^>]*>\s*</script>|<link\s[^>]*href=\"https?://[^>]*>"
)
"""The script that sizes a frame around the page, and a connection to a server of fonts: the page
does without both, and its policy would refuse them with an error in the browser's console."""

COMPRESSED = b"accept-encoding"


@dataclass(frozen=True)
class OwnPage:
    """ASGI: takes out of the page whatever names another site.

    Attributes:
        app: what answers.
        pages: paths at which it answers with gradio's page.
    """

    app: App
    pages: frozenset[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http" or path_of(scope) not in self.pages:
            await self.app(scope, receive, send)
            return
        kept = [(name, value) for name, value in scope["headers"] if name.lower() != COMPRESSED]
        start: list[MutableMapping[str, Any]] = []
        body = bytearray()

        async def told(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                start.append(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            own = ELSEWHERE.sub(b"", bytes(body))
            await send({**start[0], "headers": _sized(start[0]["headers"], len(own))})
            # HEAD has a length and no body.
            await send({"type": "http.response.body", "body": own})

        await self.app({**scope, "headers": kept}, receive, told)


def _sized(headers: Any, size: int) -> list[tuple[bytes, bytes]]:
    others = [(n, v) for n, v in headers if bytes(n).lower() != b"content-length"]
    return [*others, (b"content-length", str(size).encode("ascii"))]

"""What a browser may do with an answer of ours: never guess a kind, never frame, fetch nothing.

The page goes out without what gradio's template would load from other sites.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from lib_t2p.api.admission import App, Receive, Scope, Send, path_of

NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""For answers that are data: as a page they could load and run nothing."""

PAGE = (
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    "connect-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
    "frame-src 'none'"
)
"""For gradio's page, whose scripts stand in it and are made from text; it sends nothing away, and
takes no script, style or letter from another site, as gradio's own page would."""

FILE = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""For pictures and downloads: whatever is in them has no origin, and runs nothing."""

REPORT = (
    "sandbox allow-downloads; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""For pages that jobs wrote: they hold their pictures and styles themselves, and no script."""

ALWAYS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
}


@dataclass(frozen=True)
class Answers:
    """ASGI: puts the headers of every answer of `app`; those that it has itself stay.

    Attributes:
        app: what answers.
        pages: paths at which it answers with gradio's page.
    """

    app: App
    pages: frozenset[str] = frozenset()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        policy = PAGE if scope["type"] == "http" and path_of(scope) in self.pages else NOTHING

        async def told(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _with(message.get("headers", []), policy)}
            await send(message)

        await self.app(scope, receive, told)


def _with(headers: Any, policy: str) -> list[tuple[bytes, bytes]]:
    given = [(bytes(name), bytes(value)) for name, value in headers]
    names = {name.lower() for name, _ in given}
    wanted = {**ALWAYS, b"content-security-policy": policy.encode("ascii")}
    return given + [(name, value) for name, value in wanted.items() if name not in names]


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

"""What stands between the guard and the routes: bodies that are JSON, answers that can be sent."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from fastapi.responses import JSONResponse

from lib_t2p.api.admission import App, Receive, Scope, Send
from lib_t2p.errors import InputError
from lib_t2p.json_io import json_text, parse_json


class Answer(JSONResponse):
    """JSON that every client can read: no NaN, and half letters as escapes."""

    def render(self, content: Any) -> bytes:
        """The body; a number that is none becomes null."""
        return json_text(content).encode("ascii")


@dataclass(frozen=True)
class Readable:
    """ASGI: lets through to `app` what has no body, or one of strict JSON.

    The routes' own reader takes NaN and half letters, and says of the rest only that it failed.
    """

    app: App

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a body that cannot be read is refused in a sentence."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        first, body = await _whole(receive)
        try:
            if body:
                parse_json(body, "The body", strict=True)
        except InputError as error:
            told = {"detail": str(error), "faults": [str(error)]}
            await Answer(told, status_code=422)(scope, receive, send)
            return
        waiting = [first]

        async def again() -> MutableMapping[str, Any]:
            return waiting.pop() if waiting else await receive()

        await self.app(scope, again, send)


async def _whole(receive: Receive) -> tuple[MutableMapping[str, Any], bytes]:
    """The whole body, and one message that holds it."""
    parts: list[bytes] = []
    message = await receive()
    while message["type"] == "http.request":
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            body = b"".join(parts)
            return {"type": "http.request", "body": body, "more_body": False}, body
        message = await receive()
    return message, b""

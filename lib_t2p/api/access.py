"""Who may ask: the host's credentials, and no page of another site.

A WebUI checks its own routes only; an extension's are open unless it checks them itself.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import secrets
import socket
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True)
class Access:
    """What a request must bring.

    Attributes:
        credentials: user -> password, any of them suffices; empty asks for none.
        names: host names under which the page is served, besides this machine's own. Without
            credentials any other name is refused: a foreign page may have been rebound to us.
    """

    credentials: Mapping[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Refusal:
    """An answer in place of the one that was asked for; `status` is of HTTP."""

    status: int
    reason: str


def refusal(access: Access, headers: Mapping[str, str]) -> Refusal | None:
    """Why a request with these headers (names in lower case) is not answered, or None."""
    host = headers.get("host", "")
    if not access.credentials and not _is_ours(_name_of(host), access.names):
        return Refusal(
            403,
            f"The Host header names {host!r}, under which this page is not served: "
            "ask under 127.0.0.1, or start the host with a password.",
        )
    origin = headers.get("origin", "")
    if headers.get("sec-fetch-site") == "cross-site" or (origin and _netloc(origin) != host):
        return Refusal(
            403, f"A page of {origin or 'another site'} may not ask this one: ask from here."
        )
    if access.credentials and not _is_known(access.credentials, headers.get("authorization", "")):
        return Refusal(
            401, "User or password is missing or wrong: give those that the host was started with."
        )
    return None


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


def _is_ours(name: str, names: frozenset[str]) -> bool:
    try:
        # A rebound page carries the name that was rebound, never a bare address.
        ipaddress.ip_address(name)
    except ValueError:
        own = socket.gethostname().lower()
        return name in {"localhost", own, f"{own}.local"} | {n.lower() for n in names}
    return True


def _name_of(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _is_known(credentials: Mapping[str, str], header: str) -> bool:
    kind, _, coded = header.partition(" ")
    if kind.lower() != "basic":
        return False
    try:
        user, _, password = base64.b64decode(coded).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return False
    wanted = credentials.get(user, "")
    same = secrets.compare_digest(wanted.encode("utf-8"), password.encode("utf-8"))
    return same and user in credentials

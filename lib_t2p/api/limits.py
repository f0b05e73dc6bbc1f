"""How much a request may send, counted as it comes: no body is held that is too large."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_t2p.access import Refusal
from lib_t2p.api.admission import App, Receive, Scope, Send, headers_of, path_of, say_no
from lib_t2p.api.multipart import PartWatch

BODY = 1_000_000
"""Bytes of a body that is held whole, such as JSON."""

EVENT = 16_000_000
"""Bytes of an event of the page: it names each dropped photo, of which there may be thousands."""

EVENTS = re.compile(r"/(?:run|api)/predict/?|/queue/join")
"""Paths of the page's events."""

UPLOAD = 8 * 1024**3
"""Bytes of one upload, which goes to the disk piece by piece."""

READ_AWAY = 1024**3
"""Bytes that are read and thrown away, so that whoever still sends them hears the answer."""

SPARE = 500_000_000
"""Bytes that stay free on the disk, for the jobs that are at work meanwhile."""

LOOKED_AT = 64 << 20
"""Bytes of an upload between two looks at the disk."""

UPLOADS = ("/upload",)
"""Paths that take files."""

Message = MutableMapping[str, Any]


def free_bytes(folder: Path) -> int:
    """Bytes that are free on the disk of a folder that may not be there yet."""
    there = next((one for one in (folder, *folder.parents) if one.exists()), folder)
    try:
        return shutil.disk_usage(there).free
    except OSError:
        return UPLOAD + SPARE  # nobody knows; writing will tell


@dataclass(frozen=True)
class RequestLimits:
    """ASGI: refuses bodies that are too large with 413 and a sentence.

    Attributes:
        app: gets every body that is not an upload in one piece.
        body: most bytes of such a body.
        upload: most bytes of an upload.
        event: most bytes of an event of the page.
        folders: to which uploads go.
        free: bytes that are free on the disk of a folder.
    """

    app: App
    body: int = BODY
    upload: int = UPLOAD
    event: int = EVENT
    folders: tuple[Path, ...] = ()
    free: Callable[[Path], int] = free_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif path_of(scope).rstrip("/") in UPLOADS:
            await self._pass_upload(scope, receive, send)
        else:
            await self._pass_body(scope, receive, send)

    async def _pass_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        most = self.event if EVENTS.fullmatch(path_of(scope)) else self.body
        coming = _Coming(receive)
        held = None if _declared(scope) > most else await _whole(coming, most)
        if held is None:
            await coming.read_away()
            await say_no(send, _refusal("This request", most))
        else:
            await self.app(scope, replayed(held, receive), send)

    async def _pass_upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.formparsers import MultiPartException

        coming, watch = _Coming(receive), PartWatch(headers_of(scope))
        refused = self.too_much(_declared(scope), _declared(scope))
        if watch.fault:
            refused = Refusal(400, watch.fault)
        if refused is not None:
            await coming.read_away()
            await say_no(send, refused)
            return
        counted = _Counted(coming, self, watch)

        async def unless_refused(message: Message) -> None:
            if counted.refused is None:
                await send(message)

        with suppress(MultiPartException):
            await self.app(scope, counted, unless_refused)
        if counted.refused is not None:
            await coming.read_away()
            await say_no(send, counted.refused)

    def too_much(self, size: int, more: int, *, look: bool = True) -> Refusal | None:
        """Why an upload is not taken, or None.

        Args:
            size: bytes of it that are known of.
            more: those that are still to come.
            look: whether the disk is looked at as well.
        """
        if size > self.upload:
            return _refusal("This upload", self.upload)
        if not look:
            return None
        lacking = next((f for f in self.folders if self.free(f) < more + SPARE), None)
        if lacking is None:
            return None
        return Refusal(
            507,
            f"Too little space is free on the disk of {lacking}: this upload needs "
            f"{(more + SPARE) / 1e9:.1f} GB there. Free some, or name a folder of this machine "
            "instead, whose photos are linked.",
        )


class _Coming:
    """The pieces of a body, and whether there are more: to wait for one too many lasts for ever."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._more = True

    async def __call__(self) -> Message:
        message = await self._receive()
        self._more = bool(message.get("more_body"))
        return message

    async def read_away(self) -> None:
        """Take the rest and throw it away."""
        seen = 0
        while self._more and seen < READ_AWAY:
            seen += len((await self()).get("body", b""))


class _Counted:
    """The body of an upload, which ends with a fault once there is too much of it."""

    def __init__(self, receive: Receive, limits: RequestLimits, watch: PartWatch) -> None:
        self._receive, self._limits, self._watch = receive, limits, watch
        self._seen = self._looked = 0
        self.refused: Refusal | None = None

    async def __call__(self) -> Message:
        from starlette.formparsers import MultiPartException

        message = await self._receive()
        if message["type"] != "http.request":
            return message
        piece = message.get("body", b"")
        self._seen += len(piece)
        look = not self._looked or self._seen - self._looked >= LOOKED_AT
        self._looked = max(self._seen, 1) if look else self._looked
        self.refused = self._limits.too_much(self._seen, 0, look=look)
        if self.refused is None:
            odd = self._watch.fault_in(piece)
            self.refused = Refusal(400, odd) if odd else None
        if self.refused is not None:
            # Of all faults, gradio takes away the pieces that lie on the disk only after this one.
            raise MultiPartException(self.refused.reason)
        return message


def _refusal(what: str, limit: int) -> Refusal:
    unit, size = ("GB", 1024**3) if limit >= 1024**3 else ("MB", 1_000_000)
    return Refusal(
        413,
        f"{what} is larger than {limit / size:g} {unit}, the most that is taken at once: send less "
        "at a time, or name a folder of this machine instead.",
    )


def _declared(scope: Scope) -> int:
    told = headers_of(scope).get("content-length", "")
    return int(told[:20]) if told.isascii() and told.isdigit() else 0


async def _whole(receive: Receive, limit: int) -> bytes | None:
    """The body, or None when it is larger."""
    pieces, seen = [], 0
    while True:
        message = await receive()
        pieces.append(message.get("body", b""))
        seen += len(pieces[-1])
        if seen > limit:
            return None
        if not message.get("more_body"):
            return b"".join(pieces)


def replayed(held: bytes, receive: Receive) -> Receive:
    """A body that was read already, to be read again; then what follows it."""
    waiting: list[Message] = [{"type": "http.request", "body": held, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again

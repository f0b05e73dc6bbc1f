"""Asking a server with exactly the headers that are given."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

SECONDS = 60.0


@dataclass(frozen=True)
class Answer:
    """What came back; `status` 0 when the connection was closed without an answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


def ask(
    port: int,
    method: str,
    path: str,
    headers: dict[str, str] | None = None,
    body: bytes | Iterable[bytes] = b"",
) -> Answer:
    """Ask 127.0.0.1; a body of several pieces goes without Content-Length."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    given = {"Host": f"127.0.0.1:{port}", **(headers or {})}
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        if isinstance(body, bytes):
            if body:
                given.setdefault("Content-Length", str(len(body)))
        else:
            given.setdefault("Transfer-Encoding", "chunked")
        for name, value in given.items():
            connection.putheader(name, value)
        _send(connection, body)
        answer = connection.getresponse()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, named, answer.read())
    except (ConnectionError, http.client.HTTPException):
        return Answer(0, {}, b"")
    finally:
        connection.close()


def as_json(value: Any) -> tuple[dict[str, str], bytes]:
    """Headers and body of a JSON request."""
    return {"Content-Type": "application/json"}, json.dumps(value).encode("utf-8")


def as_upload(name: str, content: bytes, *, field: str = "files") -> tuple[dict[str, str], bytes]:
    """Headers and body of one uploaded file."""
    edge = "----attack"
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = head.encode("utf-8") + content + f"\r\n--{edge}--\r\n".encode()
    return {"Content-Type": f"multipart/form-data; boundary={edge}"}, body


def _send(connection: http.client.HTTPConnection, body: bytes | Iterable[bytes]) -> None:
    connection.endheaders()
    try:
        if isinstance(body, bytes):
            connection.send(body) if body else None
            return
        for piece in body:
            connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))
        connection.send(b"0\r\n\r\n")
    except ConnectionError:
        # It was refused before all was sent; the answer may be there already.
        return

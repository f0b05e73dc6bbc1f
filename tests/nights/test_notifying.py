"""Somebody is told that a night is over, and it is said when they are not."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from lib_t2p.nights import notify as notifying
from lib_t2p.nights.notify import notify_desktop, notify_url


class Listener(HTTPServer):
    """Keeps what it is told; answers as `status` says."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: list[tuple[str, str, Any]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/night"


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told = (self.path, self.headers["Content-Type"], json.loads(body.decode("utf-8")))
        self.server.told.append(told)
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_address_gets_the_message_as_json(listener: Listener) -> None:
    message: dict[str, object] = {"title": "Text to Person: Ünal", "finished": True}
    assert notify_url(listener.address, message) == ""
    assert listener.told == [("/night", "application/json; charset=utf-8", message)]


def test_an_address_that_refuses_is_told_with_the_reason_and_without_itself(
    listener: Listener,
) -> None:
    listener.status = 503
    told = notify_url(listener.address, {"title": "x"})
    assert told == "the address that was given could not be told (it answered 503)"


def test_nobody_at_the_address_is_no_crash(listener: Listener) -> None:
    gone = listener.address
    listener.server_close()
    assert "could not be told" in notify_url(gone, {})


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1/key-1234", "http://key-1234 .example/", "http://[key-1234/", "key-1234:x"],
)
def test_the_address_stands_in_no_reason(address: str) -> None:
    told = notify_url(address, {})
    assert "could not be told" in told
    assert "key-1234" not in told


def test_the_desktop_gets_title_and_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Sequence[str]] = []
    monkeypatch.setattr(notifying, "notification_command", lambda *told: ["show", *told[:2]])
    assert notify_desktop("Over", "e08 is best; it's sure", run=shown.append) == ""
    assert shown == [["show", "Over", "e08 is best; it's sure"]]


def test_a_desktop_that_fails_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(command: Sequence[str]) -> None:
        raise subprocess.TimeoutExpired(list(command), 10)

    monkeypatch.setattr(notifying, "notification_command", lambda *told: ["show", *told[:2]])
    assert "the desktop shows no messages" in notify_desktop("Over", "x", run=fails)
    monkeypatch.setattr(notifying, "notification_command", lambda *_: None)
    assert notify_desktop("Over", "x") == "this desktop shows no messages"

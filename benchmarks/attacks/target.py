"""A real studio with something to steal, and a server of another site that sees who comes."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil

from benchmarks.attacks.asking import Answer, as_json, as_upload, ask
from benchmarks.attacks.planting import plant
from lib_t2p.hosts.standalone.ports import free_port

FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
STARTING = 180.0
PORT = 18_970


@dataclass
class Target:
    """What is attacked.

    Attributes:
        port: of the studio on 127.0.0.1.
        root: of its workspace.
        outside: a folder beside the workspace with a secret file in it.
        marker: stands in every file that is not to be read.
        process: of the studio.
        stranger: address of another site, on this machine.
        visits: paths that were asked for there.
        pages: path -> what that site answers.
    """

    port: int
    root: Path
    outside: Path
    marker: str
    process: psutil.Process
    stranger: str = ""
    visits: list[str] = field(default_factory=list)
    pages: dict[str, bytes] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Of the studio, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> Answer:
        """GET; underscores of header names are hyphens."""
        return ask(self.port, "GET", path, _named(headers))

    def post(self, path: str, value: Any, **headers: str) -> Answer:
        """POST of JSON."""
        given, body = as_json(value)
        return ask(self.port, "POST", path, {**given, **_named(headers)}, body)

    def upload(self, name: str, content: bytes, **headers: str) -> Answer:
        """POST of one file to gradio's own address for uploads."""
        given, body = as_upload(name, content)
        return ask(self.port, "POST", "/upload", {**given, **_named(headers)}, body)

    def people(self) -> list[str]:
        """Folder names of everybody in the workspace."""
        return sorted(folder.name for folder in (self.root / "people").iterdir())

    def leaked(self, answer: Answer) -> str:
        """What of an answer must not have come; empty when it was refused."""
        if self.marker.encode() in answer.body:
            return f"the secret came with {answer.status}"
        return "" if 400 <= answer.status < 500 else f"answered {answer.status}"


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@contextmanager
def running_target(folder: Path) -> Iterator[Target]:
    """A studio on a free port, with a new workspace in `folder`, until the block ends."""
    marker = f"secret-{secrets.token_hex(8)}"
    root, outside = plant(folder, marker)
    port = free_port(PORT)
    command = [sys.executable, "-m", "lib_t2p.hosts.standalone", "--workspace", str(root)]
    with (folder / "studio.txt").open("wb") as told:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--no-browser"],
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
            env={**os.environ, "GRADIO_ANALYTICS_ENABLED": "False"},
        )
        try:
            target = Target(port, root, outside, marker, psutil.Process(process.pid))
            _wait(target, process)
            with _stranger(target):
                yield target
        finally:
            process.terminate()
            process.wait(30)


def _wait(target: Target, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + STARTING
    while target.get("/config").status != 200:
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError("The studio does not answer: see studio.txt beside its workspace.")
        time.sleep(0.2)


@contextmanager
def _stranger(target: Target) -> Iterator[None]:
    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            target.visits.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(target.pages.get(self.path, b"<!doctype html><p>hello"))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    # Another name, so that a browser takes it for another site.
    target.stranger = f"http://localhost:{server.server_address[1]}"
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""Requests that two programs could read differently, and what never ends."""

from __future__ import annotations

import socket
from functools import partial

from benchmarks.attacks.attack import ATTACKS, Attack, attack
from benchmarks.attacks.target import Target

SECONDS = 20.0


def _said(target: Target, sent: bytes) -> bytes:
    """All that comes back until the connection is closed or nothing more comes."""
    said = b""
    with socket.create_connection(("127.0.0.1", target.port), SECONDS) as wire:
        try:
            wire.sendall(sent)
            while piece := wire.recv(1 << 16):
                said += piece
        except (TimeoutError, ConnectionError):
            return said
    return said


@attack("length and chunks", "a second request within a body of two lengths")
def smuggled(target: Target) -> str:
    """Whether what follows the shorter body is answered as a request of its own."""
    host = f"Host: 127.0.0.1:{target.port}\r\n"
    sent = (
        f"POST /reset HTTP/1.1\r\n{host}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n"
        f"0\r\n\r\nGET /config HTTP/1.1\r\n{host}Connection: close\r\n\r\n"
    )
    said = _said(target, sent.encode())
    if b" 400 " not in said.split(b"\r\n")[0]:
        return f"answered {said[:60]!r}"
    return "a second request was answered" if said.count(b"HTTP/1.1 ") > 1 else ""


@attack("header without an end", "50 MB of one header")
def endless_header(target: Target) -> str:
    """Whether it is kept until memory ends."""
    before = target.process.memory_info().rss
    host = f"Host: 127.0.0.1:{target.port}\r\n"
    _said(target, f"GET /config HTTP/1.1\r\n{host}X-A: ".encode() + b"a" * 50_000_000)
    grown = (target.process.memory_info().rss - before) / 1e6
    return f"the studio grew by {grown:.0f} MB" if grown > 80 else ""


@attack("scripts of other sites in the page", "what the page may load, as its answer tells")
def foreign_scripts(target: Target) -> str:
    """gradio's page names a script of a public site, which would run with all that we may."""
    told = target.get("/").headers.get("content-security-policy", "")
    rules = dict(rule.strip().partition(" ")[::2] for rule in told.split(";"))
    for rule in ("script-src", "style-src", "font-src", "connect-src", "worker-src"):
        if not rules.get(rule) or "http" in rules[rule] or "*" in rules[rule]:
            return f"{rule} is {rules.get(rule)!r}"
    return ""


CODED = ("/file%3D", "/%66ile=", "/FILE=", "/./file=", "/config/../file=", "//file=", "/file%3d")


def _coded(prefix: str, target: Target) -> str:
    return target.leaked(target.get(f"{prefix}{target.root.as_posix()}/t2p.sqlite"))


for _prefix in CODED:
    ATTACKS.append(
        Attack(f"the database by {_prefix}", "other writings of /file=", partial(_coded, _prefix))
    )

PAGES = (
    *("limit=0", "limit=-1", "limit=1001", "limit=1e3", "limit=99999999999999999999"),
    *("before=%00", "before=../../x", "before=%ff", "before=%ed%a0%80", "before=%27%20OR%201--"),
)


@attack("odd pages of jobs", "GET /jobs with limits and ids that are none")
def odd_pages(target: Target) -> str:
    """Whether one is answered with jobs or a traceback."""
    for query in PAGES:
        answer = target.get(f"/t2p/v1/jobs?{query}")
        if not 400 <= answer.status < 500:
            return f"{query} answered {answer.status}"
    return ""

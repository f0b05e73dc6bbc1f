"""Bodies that are too large, too deep or no bodies at all; memory is looked at meanwhile."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from functools import partial

from benchmarks.attacks.asking import Answer, as_json, ask
from benchmarks.attacks.attack import ATTACKS, Attack, attack
from benchmarks.attacks.target import Target

MEGABYTE = 1 << 20
MOST_GROWN = 80 * MEGABYTE
"""Bytes by which the studio may be larger afterwards: its allocator keeps some of what it had."""

PLACES = ("/t2p/v1/people", "/run/predict", "/queue/join", "/reset", "/component_server", "/login")


def pieces(count: int) -> Iterator[bytes]:
    """So many megabytes of JSON, one at a time."""
    yield b'{"name": "'
    for _ in range(count):
        yield b"a" * MEGABYTE
    yield b'"}'


def _large(chunked: bool, target: Target) -> str:
    before = target.process.memory_info().rss
    for path in PLACES:
        headers, _ = as_json({})
        if chunked:
            answer = ask(target.port, "POST", path, headers, pieces(60))
        else:
            answer = ask(target.port, "POST", path, headers, b"".join(pieces(60)))
        if answer.status not in (404, 413):
            return f"{path} answered {answer.status}"
    grown = target.process.memory_info().rss - before
    return f"the studio grew by {grown / MEGABYTE:.0f} MB" if grown > MOST_GROWN else ""


for _chunked, _word in ((False, "announced"), (True, "unannounced")):
    ATTACKS.append(
        Attack(
            f"60 MB of JSON, {_word}", "six addresses, one after another", partial(_large, _chunked)
        )
    )


@attack("300 MB of JSON", "announced, to the API")
def very_large(target: Target) -> str:
    """Whether it is held in memory."""
    before = target.process.memory_info().rss
    headers, _ = as_json({})
    announced = {**headers, "Content-Length": str(300 * MEGABYTE + 12)}
    connection = socket.create_connection(("127.0.0.1", target.port), 60)
    lines = "".join(f"{name}: {value}\r\n" for name, value in announced.items())
    head = f"POST /t2p/v1/people HTTP/1.1\r\nHost: 127.0.0.1:{target.port}\r\n{lines}\r\n"
    with connection as wire:
        wire.sendall(head.encode())
        for piece in pieces(300):
            wire.sendall(piece)
        said = wire.makefile("rb").read()
    grown = target.process.memory_info().rss - before
    if b" 413 " not in said.split(b"\r\n")[0] or b"1 MB" not in said:
        return f"answered {said[:60]!r}"
    return f"the studio grew by {grown / MEGABYTE:.0f} MB" if grown > MOST_GROWN else ""


@attack("upload of 9 GB", "announced; refused before it is sent")
def huge_upload(target: Target) -> str:
    """Whether the stated limit holds."""
    said = _head_only(target, "/upload", 9 << 30, "multipart/form-data; boundary=x")
    return "" if said.status in (0, 413) else f"answered {said.status}"


def _head_only(target: Target, path: str, length: int, kind: str) -> Answer:
    """What is answered when the body ends early."""
    with socket.create_connection(("127.0.0.1", target.port), 60) as wire:
        wire.sendall(
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{target.port}\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {length}\r\n\r\n".encode()
        )
        wire.shutdown(socket.SHUT_WR)
        line = wire.makefile("rb").readline().split()
    return Answer(int(line[1]) if len(line) > 1 else 0, {}, b"")


@attack("form field of 60 MB", "an upload that is no file, which would be kept in memory")
def large_field(target: Target) -> str:
    """CVE-2024-47874 of starlette, which gradio's own reader shares."""
    before = target.process.memory_info().rss
    head = b'--x\r\nContent-Disposition: form-data; name="files"\r\n\r\n'

    def body() -> Iterator[bytes]:
        yield head
        yield from pieces(60)
        yield b"\r\n--x--\r\n"

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = ask(target.port, "POST", "/upload", headers, body())
    grown = target.process.memory_info().rss - before
    if answer.status != 400:
        return f"answered {answer.status}"
    return f"the studio grew by {grown / MEGABYTE:.0f} MB" if grown > MOST_GROWN else ""


ODD_FORMS = {
    "a boundary of 100,000 letters": ("x" * 100_000, b"--x\r\n"),
    "letters behind the last boundary": ("x", b"--x--" + b"-" * 5_000_000),
    "line ends before the first boundary": ("x", b"\r\n" * 2_500_000),
    "a head of a million letters": ("x", b"--x\r\nA: " + b"a" * 1_000_000),
    "100,000 headers of one part": ("x", b"--x\r\n" + b"A: b\r\n" * 100_000 + b"\r\n"),
    "10,000 files": (
        "x",
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n\r\n' * 10_000,
    ),
    "no boundary": ("", b"--x\r\n"),
}


def _odd_form(boundary: str, body: bytes, target: Target) -> str:
    import time

    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    begun = time.monotonic()
    answer = ask(target.port, "POST", "/upload", headers, body)
    seconds = time.monotonic() - begun
    if seconds > 20:
        return f"it took {seconds:.0f} s"
    later = target.get("/theme.css")
    if later.status != 200:
        return "the studio answers nobody else"
    return "" if answer.status in (0, 200, 400, 413, 431) else f"answered {answer.status}"


for _what, (_edge, _form) in ODD_FORMS.items():
    ATTACKS.append(
        Attack(f"upload with {_what}", "to keep the reader busy", partial(_odd_form, _edge, _form))
    )


@attack("JSON of 100,000 brackets", "API and events")
def deep(target: Target) -> str:
    """Whether it ends the process or comes as a traceback."""
    nested = b"[" * 100_000 + b"]" * 100_000
    for path in ("/t2p/v1/people", "/run/predict", "/queue/join"):
        answer = ask(target.port, "POST", path, as_json({})[0], nested)
        if not 400 <= answer.status < 500:
            return f"{path} answered {answer.status}"
    event = json.dumps({"fn_index": 0, "data": ["x"]}).replace('"x"', "[" * 500 + "]" * 500)
    answer = ask(target.port, "POST", "/run/predict", as_json({})[0], event.encode())
    return "" if 400 <= answer.status < 500 else f"an event answered {answer.status}"


@attack("many ranges", "a Range header of 100,000 parts, and odd ones")
def ranges(target: Target) -> str:
    """CVE-2025-62727 of starlette: a picture comes whole, in no time."""
    photo = f"/file={target.root.as_posix()}/people/ann-smith/photos/photo.png"
    whole = target.get(photo)
    for asked in ("bytes=" + "0-," * 10_000, "bytes=9999999999-", "bytes=-", "bytes=a-b,c-d"):
        answer = target.get(photo, Range=asked)
        if answer.status not in (0, 400, 431) and answer.body != whole.body:
            return f"answered {answer.status} with {len(answer.body)} bytes"
    return ""

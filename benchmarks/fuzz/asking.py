"""Requests to the API without a network and without threads, so that each can be interrupted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import quote

from fastapi import FastAPI

from benchmarks.fuzz.planted import no_worker, planted_workspace
from lib_t2p.api.interface import api_app
from lib_t2p.hosts.standalone.studio_host import StudioHost
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace.person import Workspace

THREADED = (
    "fastapi.routing.run_in_threadpool",
    "fastapi.dependencies.utils.run_in_threadpool",
    "starlette.middleware.exceptions.run_in_threadpool",
    "starlette.routing.run_in_threadpool",
)


JOBS = ("JOB-1", "JOB-2")
"""Stand for the jobs of the planted workspace."""


class BadAnswer(Exception):
    """An answer that nobody should get."""


class Refused(Exception):
    """An answer of 4xx that says why."""


@contextmanager
def asked(folder: Path) -> Iterator[Callable[[list[Any]], int]]:
    """Gives a call that takes [method, path, query, body] and gives the status."""
    workspace = planted_workspace(folder, folder.with_name("planted"))
    loop = asyncio.new_event_loop()
    with ExitStack() as stack:
        stack.callback(loop.close)
        stack.enter_context(no_worker())
        for name in THREADED:
            stack.enter_context(mock.patch(name, _at_once))
        app = _app(workspace)

        jobs = dict(zip(JOBS, (job.id for job in Queue(workspace).jobs()), strict=True))

        def call(asking: list[Any]) -> int:
            method, path = asking[:2]
            query, given = [*asking[2:4], None, None][:2]
            query = query if isinstance(query, dict) else {}
            for name, job in jobs.items():
                path = path.replace(name, job)
                if isinstance(given, dict) and given.get("other") == name:
                    given = {**given, "other": job}
            status, body = loop.run_until_complete(_answer(app, method, path, query, given))
            check_answer(status, body)
            if status >= 400:
                raise Refused(body.decode("utf-8"))
            return status

        yield call


@lru_cache(maxsize=2)
def _app(workspace: Workspace) -> FastAPI:
    # It takes longer to make than hundreds of requests, and keeps nothing but the folder's path.
    return api_app(StudioHost(workspace), trusted=True)


def check_answer(status: int, body: bytes) -> None:
    """Raise `BadAnswer` for 5xx and for a refusal that does not say why."""
    if status >= 500:
        raise BadAnswer(f"status {status}")
    if status < 400 or status in (404, 405):
        return
    told = json.loads(body)
    if not isinstance(told.get("detail"), str) or not told["detail"].strip():
        raise BadAnswer(f"status {status} without a sentence")


async def _at_once(function: Callable[..., Any], *args: Any, **more: Any) -> Any:
    return function(*args, **more)


async def _answer(
    app: FastAPI, method: str, path: str, query: dict[str, Any], body: Any
) -> tuple[int, bytes]:
    sent: list[MutableMapping[str, Any]] = []
    waiting = [{"type": "http.request", "body": _body(body), "more_body": False}]

    async def receive() -> MutableMapping[str, Any]:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await app(_scope(method, path, query), receive, send)
    start = [m for m in sent if m["type"] == "http.response.start"]
    whole = b"".join(m.get("body", b"") for m in sent)
    return (start[0]["status"] if start else 500), whole


def _scope(method: str, path: str, query: dict[str, Any]) -> dict[str, Any]:
    pairs = "&".join(f"{_quoted(k)}={_quoted(v)}" for k, v in query.items())
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path.encode("utf-8", "replace").decode("utf-8"),
        "raw_path": path.encode("utf-8", "replace"),
        "query_string": pairs.encode("ascii"),
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")],
        "client": ("127.0.0.1", 5),
        "server": ("127.0.0.1", 80),
    }


def _quoted(value: Any) -> str:
    return quote(str(value).encode("utf-8", "surrogatepass"))


def _body(body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    return b"" if body is None else json.dumps(body, default=repr).encode("utf-8")

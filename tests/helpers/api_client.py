"""Asking the API without a network."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from lib_t2p.access import Access
from lib_t2p.api.interface import mount
from lib_t2p.hosts.standalone.studio_host import StudioHost

ANN = {"name": "Ann Ä", "trigger": "ohwx", "class_word": "woman", "consent": "she said yes"}
HERE = "http://127.0.0.1:7860"


def finished(asking: Any) -> Any:
    """What a coroutine gives; `asyncio.run` would take the thread's loop from later pages."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(asking)
    finally:
        loop.close()


def own(rest: str) -> str:
    return "the host's own"


class Client:
    """Asks an application without a network."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def get(self, path: str, **more: Any) -> httpx.Response:
        return finished(self._ask("GET", path, **more))

    def post(self, path: str, **more: Any) -> httpx.Response:
        return finished(self._ask("POST", path, **more))

    async def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
            return await client.request(method, path, **more)


def client(host: StudioHost, access: Access | None = None) -> Client:
    app = FastAPI()
    app.get("/{rest:path}")(own)
    mount(app, host, access or Access())
    return Client(app)


class Locked(StudioHost):
    def restricted(self) -> str | None:
        return "Strangers reach this page."

    def roots(self) -> list[Path] | None:
        return [self.workspace.root]


class Fenced(StudioHost):
    def roots(self) -> list[Path] | None:
        return [self.workspace.root]

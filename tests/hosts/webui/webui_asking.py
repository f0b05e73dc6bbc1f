"""Asking an application without a network, as one client."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx


def asked(app: Any, *requests: tuple[str, str], **more: Any) -> list[httpx.Response]:
    """Answers to (method, path) by one client, which keeps its cookies."""

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=app)
        # Over plain HTTP a client would not send back a cookie that is meant for https.
        async with httpx.AsyncClient(transport=transport, base_url="https://127.0.0.1") as client:
            return [await client.request(*request, **more) for request in requests]

    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(ask())
    finally:
        loop.close()

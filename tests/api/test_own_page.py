from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from api_client import HERE, finished

from lib_t2p.api.answers import OwnPage

FOREIGN = b"""<link rel="preconnect" href="https://fonts.example" />
<script
    src="https://cdn.example/frame/4.3.6/frame.min.js"
    async
></script>"""
OWN = (
    b'<script type="module" src="./assets/index.js"></script><link rel="stylesheet" href="./a.css">'
)


async def template(scope: Any, receive: Any, send: Any) -> None:
    assert b"accept-encoding" not in [name for name, _ in scope["headers"]] or scope["path"] != "/"
    body = b"<head>" + FOREIGN + OWN + b"</head>"
    headers = [(b"content-type", b"text/html"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body[:40], "more_body": True})
    await send({"type": "http.response.body", "body": body[40:]})


async def asked(path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=OwnPage(template, frozenset({"/"})))
    async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
        return await client.get(path)


def test_the_page_keeps_its_own_scripts_and_loses_those_of_other_sites() -> None:
    answer = finished(asked("/"))
    assert answer.content == b"<head>\n" + OWN + b"</head>"
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_other_answers_are_left_alone() -> None:
    assert FOREIGN in finished(asked("/assets/x")).content


def test_gradios_template_names_no_other_site_afterwards() -> None:
    gradio = pytest.importorskip("gradio")
    page = Path(gradio.__file__).parent / "templates" / "frontend" / "index.html"
    from lib_t2p.api.answers import ELSEWHERE

    left = ELSEWHERE.sub(b"", page.read_bytes())
    assert b"cdnjs" in page.read_bytes() and b"cdnjs" not in left

"""Requests to a real WebUI as a browser and as other sites send them."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from real_webui import PAGE, Running


def ask(running: Running, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
    """Status and text of an answer; a body is posted."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{running.port}{path}",
        None if body is None else json.dumps(body).encode(),
        {
            "Content-Type": "application/json",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode("utf-8")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8")


def event_of(running: Running, elem_id: str) -> dict[str, Any]:
    """What a browser sends when the button of that id is pressed, all fields empty."""
    config = running.get(PAGE)
    part = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == elem_id)
    for number, told in enumerate(config["dependencies"]):
        if told["targets"] in ([part], [[part, "click"]]):
            data = [""] * len(told["inputs"])
            return {"fn_index": number, "data": data, "session_hash": "t2p"}
    raise AssertionError(f"{elem_id} has no event")


def press(running: Running, elem_id: str) -> str:
    """Press a button of our page; gives what it answered."""
    status, said = ask(running, "/t2p/page/run/predict", event_of(running, elem_id))
    assert status == 200, said
    return said

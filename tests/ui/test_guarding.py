"""Every event of the page looks where its request comes from."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from ui_fakes import FakeHost, Page
from workers_of_xdist import first_port

from lib_t2p.access import Access
from lib_t2p.hosts.standalone.ports import free_port
from lib_t2p.hosts.standalone.studio_page import serve
from lib_t2p.ui.event_guard import guard_events, guarded
from lib_t2p.workspace.person import open_workspace

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any]]:
    host = FakeHost(open_workspace(tmp_path_factory.mktemp("guarded") / "workspace"))
    port = free_port(first_port(18_870))
    blocks = serve(host, port, open_browser=False, wait=False)
    yield f"127.0.0.1:{port}", blocks
    blocks.close()
    guard_events(Access())


def number_of(blocks: Any, elem_id: str, event: str) -> int:
    """The number by which a browser asks for an event."""
    part = next(b for b in blocks.blocks.values() if b.elem_id == elem_id)
    for number, told in enumerate(blocks.config["dependencies"]):
        targets = [
            tuple(t) if isinstance(t, (list, tuple)) else (t, told["trigger"])
            for t in told["targets"]
        ]
        if (part._id, event) in targets:
            return number
    raise AssertionError(f"{elem_id} has no {event}")


def ask(served: tuple[str, Any], **headers: str) -> tuple[int, str]:
    """Ask for the event that makes a person, with nothing filled in."""
    address, blocks = served
    number = number_of(blocks, "t2p_new_create", "click")
    count = len(blocks.config["dependencies"][number]["inputs"])
    body = {"fn_index": number, "data": [""] * count, "session_hash": "abc"}
    request = urllib.request.Request(
        f"http://{address}/run/predict",
        json.dumps(body).encode(),
        {
            "Content-Type": "application/json",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_our_own_page_is_answered(served: tuple[str, Any]) -> None:
    status, said = ask(served, Origin=f"http://{served[0]}")
    assert (status, "consent is missing" in said) == (200, True)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
    ],
)
def test_other_sites_and_names_are_refused(
    served: tuple[str, Any], headers: dict[str, str]
) -> None:
    status, said = ask(served, **headers)
    assert status == 403
    assert "consent is missing" not in said


def test_an_event_of_a_page_behind_a_password_may_have_any_name_but_no_foreign_origin() -> None:
    def handler() -> str:
        return "done"

    def call(**headers: str) -> str:
        request = gr.Request(None)
        request.request = SimpleNamespace(headers=headers)
        return guarded(handler)(request)

    guard_events(Access(any_name=True))
    try:
        assert call(host="my.example") == "done"
        with pytest.raises(gr.Error):
            call(host="my.example", origin="http://evil.example")
        with pytest.raises(gr.Error):
            call(host="my.example", origin="null")
    finally:
        guard_events(Access())


def test_every_handler_of_the_page_is_guarded(page: Page) -> None:
    found = page.blocks.fns
    entries = found.values() if isinstance(found, dict) else found
    handlers = [entry.fn for entry in entries if entry.fn is not None]
    unguarded = [h.__name__ for h in handlers if h.__annotations__.get("t2p_request") is None]
    assert unguarded == []
    assert len(handlers) > 30


def test_a_handler_is_called_with_its_own_values() -> None:
    def handler(one: str, *more: int) -> tuple[str, tuple[int, ...]]:
        return one, more

    assert guarded(handler)("a", 1, 2) == ("a", (1, 2))
    assert issubclass(guarded(handler).__annotations__["t2p_request"], gr.Request)

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from webui_asking import asked

from lib_t2p.api.gateway import put_first
from lib_t2p.errors import SetupError
from lib_t2p.hosts.webui.served_apps import Later


class Maker:
    def __init__(self, faults: int = 0) -> None:
        self.faults, self.asked = faults, 0

    def __call__(self) -> PlainTextResponse:
        self.asked += 1
        if self.asked <= self.faults:
            raise SetupError("The folder is gone: name another one.")
        return PlainTextResponse(f"made {self.asked}")


def host_with(maker: Maker) -> Any:
    app: Any = Starlette(routes=[Route("/{rest:path}", lambda _: PlainTextResponse("the host"))])
    put_first(app, "/ours", Later(maker, "its page"))
    return app


def texts(app: Any, *paths: str) -> list[str]:
    return [answer.text for answer in asked(app, *[("GET", path) for path in paths])]


def test_nothing_is_made_before_it_is_asked_for_and_then_once() -> None:
    maker = Maker()
    app = host_with(maker)
    assert texts(app, "/other") == ["the host"]
    assert maker.asked == 0
    assert texts(app, "/ours/x", "/ours/x") == ["made 1", "made 1"]
    assert maker.asked == 1


def test_a_fault_is_said_and_the_next_request_tries_again() -> None:
    app = host_with(Maker(faults=1))
    first, second = asked(app, ("GET", "/ours/"), ("GET", "/ours/"))
    assert first.status_code == 500
    assert first.text == (
        "Text to Person could not make its page: The folder is gone: name another one."
    )
    assert second.text == "made 2"


def test_a_second_mounting_replaces_the_first() -> None:
    app = Starlette()
    for _ in range(2):
        put_first(app, "/ours", Later(Maker(), "its page"))
    assert len(app.router.routes) == 1

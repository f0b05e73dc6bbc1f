"""The interface as one application, put in front of a host's own routes.

Before its routes stands what takes only bodies that are JSON and gives answers that can be sent.
"""

from __future__ import annotations

import html
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse

from lib_t2p import actions
from lib_t2p.access import Access
from lib_t2p.api.admission import App, Receive, Scope, Send
from lib_t2p.api.dataset_routes import class_routes, dataset_routes
from lib_t2p.api.gateway import PREFIX, guarded, put_first
from lib_t2p.api.grid_routes import grid_routes, vote_routes
from lib_t2p.api.job_routes import job_routes, lora_routes, queue_routes
from lib_t2p.api.people_routes import deleting_routes, people_routes, photo_routes
from lib_t2p.api.portrait_routes import portrait_routes
from lib_t2p.api.routes import NotAllowed, NotReady, NotThere, RouteHost
from lib_t2p.api.training_routes import night_routes, run_routes, sweep_routes
from lib_t2p.errors import FaultsError, InputError, SetupError, T2PError
from lib_t2p.json_io import json_text, parse_json


class Answer(JSONResponse):
    """JSON that every client can read: no NaN, and half letters as escapes."""

    def render(self, content: Any) -> bytes:
        """The body; a number that is none becomes null."""
        return json_text(content).encode("ascii")


@dataclass(frozen=True)
class Readable:
    """ASGI: lets through to `app` what has no body, or one of strict JSON.

    The routes' own reader takes NaN and half letters, and says of the rest only that it failed.
    """

    app: App

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a body that cannot be read is refused in a sentence."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        first, body = await _whole(receive)
        try:
            if body:
                parse_json(body, "The body", strict=True)
        except InputError as error:
            told = {"detail": str(error), "faults": [str(error)]}
            await Answer(told, status_code=422)(scope, receive, send)
            return
        waiting = [first]

        async def again() -> MutableMapping[str, Any]:
            return waiting.pop() if waiting else await receive()

        await self.app(scope, again, send)


async def _whole(receive: Receive) -> tuple[MutableMapping[str, Any], bytes]:
    """The whole body, and one message that holds it."""
    parts: list[bytes] = []
    message = await receive()
    while message["type"] == "http.request":
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            body = b"".join(parts)
            return {"type": "http.request", "body": body, "more_body": False}, body
        message = await receive()
    return message, b""


ROUTES = (
    people_routes,
    photo_routes,
    dataset_routes,
    class_routes,
    deleting_routes,
    run_routes,
    sweep_routes,
    night_routes,
    grid_routes,
    vote_routes,
    portrait_routes,
    job_routes,
    queue_routes,
    lora_routes,
)


def api_app(host: actions.Host, *, trusted: bool = False) -> FastAPI:
    """The routes without their guard; faults come back as `detail`, a sentence, and `faults`.

    Args:
        host: the program that we run inside of.
        trusted: whether whoever gets here gave a password.
    """
    # The usual pages of documentation fetch scripts from the net and would be open to everybody.
    app = FastAPI(
        title="Text to Person",
        version="1",
        description="Teach a base checkpoint one real person, and judge what came of it.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        default_response_class=Answer,
    )
    served = RouteHost(host, trusted=trusted)
    known = [Depends(served.may_see)]
    for routes in ROUTES:
        app.include_router(routes(served), dependencies=known)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(T2PError, _refused)
    app.add_middleware(Readable)

    @app.get("/openapi.json", include_in_schema=False)
    def schema() -> dict[str, Any]:
        return app.openapi()

    @app.get("/docs", include_in_schema=False, response_class=HTMLResponse)
    def page() -> str:
        return _page(app)

    return app


def mount(app: FastAPI, host: actions.Host, access: Access) -> None:
    """Serve the interface below `/t2p/v1` of a host's application, before its own routes."""
    put_first(app, PREFIX, guarded(api_app(host, trusted=bool(access.credentials)), access))


def _unreadable(_: Request, error: Exception) -> JSONResponse:
    found: list[dict[str, Any]] = list(getattr(error, "errors", list)())
    faults = [f"{_place(one['loc'])}: {one['msg']}" for one in found]
    return Answer({"detail": "; ".join(faults) + ".", "faults": faults}, status_code=422)


def _place(location: tuple[Any, ...]) -> str:
    named = [str(part) for part in location if part != "body"]
    return ".".join(named) or "the request"


def _refused(_: Request, error: Exception) -> JSONResponse:
    statuses: dict[type[Exception], int] = {
        NotThere: 404,
        NotAllowed: 403,
        NotReady: 409,
        SetupError: 409,
    }
    status = statuses.get(type(error), 422)
    faults = list(error.faults) if isinstance(error, FaultsError) else [str(error)]
    return Answer({"detail": str(error), "faults": faults}, status_code=status)


def _page(app: FastAPI) -> str:
    rows = []
    for path, methods in app.openapi()["paths"].items():
        for method, told in methods.items():
            cells = (method.upper(), PREFIX + path, told.get("summary", ""))
            rows.append("".join(f"<td>{html.escape(cell)}</td>" for cell in cells))
    table = "".join(f"<tr>{row}</tr>" for row in rows)
    return (
        "<!doctype html><meta charset='utf-8'><title>Text to Person API</title>"
        "<h1>Text to Person</h1><p>Everything about it: <a href='openapi.json'>openapi.json</a>. "
        "A fault comes back as <code>detail</code>.</p><table>" + table + "</table>"
    )

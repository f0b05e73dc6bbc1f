"""Putting what we answer into a host's application, first in line."""

from __future__ import annotations

from typing import Any

from lib_t2p.api.access import App

PREFIX = "/t2p/v1"
"""Where the interface is served."""


def put_first(app: Any, path: str, served: App) -> None:
    """Serve `served` below a path of a host's application.

    It goes before the host's own routes, one of which may take every address. When it is there
    already (Reload UI with the same application) it is replaced.

    Args:
        app: a Starlette or FastAPI application.
        path: such as `/t2p/v1`.
        served: an ASGI application.
    """
    routes = app.router.routes
    routes[:] = [route for route in routes if getattr(route, "path", "") != path]
    app.mount(path, served)
    routes.insert(0, routes.pop())

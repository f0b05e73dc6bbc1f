"""The guard of the page's events: each is checked as a request to the API is.

The addresses that gradio serves events under belong to the host, which lets every site and every
name ask; what our handlers do is ours to guard.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import gradio as gr

from lib_t2p.access import Access, foreign

_ACCESS = [Access()]
"""Of the one page of this process; until a host says more, only this machine's names."""


def guard_events(access: Access) -> None:
    """Let the page's events be asked for as `access` says; its host checks the password."""
    _ACCESS[:] = [access]


def guarded(handler: Callable[..., Any]) -> Callable[..., Any]:
    """The handler, which first looks where the request comes from.

    gradio gives the request to a parameter of that type. Without one, as when another part of
    the program calls the handler, there is nothing to be checked.

    Raises (the new handler):
        gradio.Error: another site asks, or asks under a name that is not ours.
    """

    def checked(*values: Any) -> Any:
        if values and isinstance(values[0], gr.Request):
            _refuse_foreign(values[0])
            values = values[1:]
        return handler(*values)

    own = inspect.signature(handler, eval_str=True)
    request = inspect.Parameter(
        "t2p_request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=gr.Request
    )
    parameters = [p for p in own.parameters.values() if p.kind is not p.KEYWORD_ONLY]
    vars(checked)["__signature__"] = own.replace(parameters=[request, *parameters])
    hints = {p.name: p.annotation for p in parameters if p.annotation is not p.empty}
    checked.__annotations__ = {"t2p_request": gr.Request, **hints}
    checked.__name__ = getattr(handler, "__name__", "checked")
    return checked


def _refuse_foreign(request: gr.Request) -> None:
    headers = {str(name).lower(): str(value) for name, value in dict(request.headers).items()}
    refused = foreign(_ACCESS[0], headers)
    if refused is not None:
        raise gr.Error(refused.reason)

"""Sending to the page only what it does not show yet, and turning errors into messages."""

from __future__ import annotations

import functools
import hashlib
import logging
from collections.abc import Callable
from typing import Any

from lib_t2p.errors import T2PError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.markup import message
from lib_t2p.ui.page_memory import Shown

LOG = logging.getLogger(__name__)


class Sender:
    """Compares what is to be shown with what a page shows."""

    def __init__(self, shown: Shown | None) -> None:
        self.shown: Shown = dict(shown or {})

    def html(self, name: str, value: str) -> Any:
        """The new HTML of a panel, or no change."""
        return self.send(name, value, value=value)

    def send(self, name: str, watched: object, **properties: Any) -> Any:
        """Change the properties when `watched` differs from last time."""
        return g.changed(**properties) if self.differs(name, watched) else g.unchanged()

    def differs(self, name: str, watched: object) -> bool:
        """Whether `watched` is new to the page; remembers it."""
        digest = hashlib.sha256(repr(watched).encode()).hexdigest()[:16]
        if self.shown.get(name) == digest:
            return False
        self.shown[name] = digest
        return True


def says_errors(outputs: int) -> Callable[[Callable[..., Any]], Callable[..., tuple[Any, ...]]]:
    """Show a `T2PError` of a handler in its first output, a message box, and change no other.

    Args:
        outputs: how many components the handler changes, the message box included.
    """

    def around(handler: Callable[..., Any]) -> Callable[..., tuple[Any, ...]]:
        @functools.wraps(handler)
        def safe(*values: Any) -> tuple[Any, ...]:
            try:
                given = handler(*values)
            except T2PError as error:
                LOG.info("%s: %s", handler.__name__, error)
                return (message(str(error), "bad"), *[g.unchanged()] * (outputs - 1))
            return given if isinstance(given, tuple) else (given,)

        return safe

    return around

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
    """Compares what is to be shown with what a page shows.

    Panels are sent again whenever the page may show something else. Fields are not: what a person
    typed since would be lost.

    Args:
        shown: what the page shows for certain.
        sent: what was sent to it at any time, whether it is sure to have arrived in order or not.
    """

    def __init__(self, shown: Shown | None, sent: Shown | None = None) -> None:
        self.shown: Shown = dict(shown or {})
        self._sent: Shown = {**(sent or {}), **self.shown}

    def html(self, name: str, value: str) -> Any:
        """The new HTML of a panel, or no change."""
        return g.changed(value=value) if self.panel_differs(name, value) else g.unchanged()

    def send(self, name: str, watched: object, **properties: Any) -> Any:
        """Change a field's properties when `watched` differs from last time."""
        return g.changed(**properties) if self.differs(name, watched) else g.unchanged()

    def differs(self, name: str, watched: object) -> bool:
        """Whether `watched` of a field was not sent last; remembers it."""
        digest = self._remembered(name, watched)
        return self._sent.get(name) != digest

    def panel_differs(self, name: str, watched: object) -> bool:
        """Whether the page may show a panel otherwise than by `watched`; remembers it."""
        before = self.shown.get(name)
        return self._remembered(name, watched) != before

    def _remembered(self, name: str, watched: object) -> str:
        digest = hashlib.sha256(repr(watched).encode()).hexdigest()[:16]
        self.shown[name] = digest
        return digest


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

"""Keeping a tab up to date: the page's script presses a hidden button while the tab is seen.

State comes from disk and queue only, so a reloaded page shows what is going on at once. A hidden
button works alike on gradio 3 and 4, holds no connection open, and rests with the page.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from lib_t2p.errors import T2PError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.markup import message
from lib_t2p.ui.page_memory import PageMemory
from lib_t2p.ui.panels import Sender

_BEATS = itertools.count(1)

Refresh = Callable[..., Sequence[Any]]
"""Takes a `Sender` and the values of the inputs; gives one update per output."""


@dataclass(frozen=True)
class LivePart:
    """A part of the page that refreshes itself.

    Attributes:
        handler: wrapped, as bound to the hidden button.
        inputs: components that it reads, its beat and the page's memory last.
        outputs: components that it changes; the first is an HTML panel.
    """

    handler: Callable[..., tuple[Any, ...]]
    inputs: list[Any]
    outputs: list[Any]

    def also_on(self, *events: Callable[..., Any]) -> None:
        """Refresh on further events, such as a change of the person."""
        for event in events:
            g.bind(event, self.handler, self.inputs, self.outputs, quiet=True)


def live_part(
    name: str, refresh: Refresh, inputs: Sequence[Any], outputs: Sequence[Any]
) -> LivePart:
    """Build the hidden button and bind it.

    Args:
        name: of the tab; the button is `t2p_<name>_tick`.
        refresh: gives the updates; a `T2PError` is shown in the first output.
        inputs: components that it reads.
        outputs: components that it changes; the first is an HTML panel.
    """
    with gr.Row(elem_classes=["t2p-hidden"]):
        tick = g.private(gr.Button(f"Refresh {name}", elem_id=f"t2p_{name}_tick"))
        beat = g.private(gr.HTML("", elem_id=f"t2p_{name}_beat"))
    memory = gr.State(PageMemory())

    def wrapped(*values: Any) -> tuple[Any, ...]:
        *told, last, remembered = values
        last, answer = last or "", f"<i data-beat='{next(_BEATS)}'></i>"
        sender = Sender(remembered.begin(last), remembered.sent)
        try:
            updates = tuple(refresh(sender, *told))
        except T2PError as error:
            said = sender.html(name, message(str(error), "bad"))
            updates = (said, *[g.unchanged()] * (len(outputs) - 1))
        finally:
            remembered.end(last, answer, sender.shown)
        return (*updates, answer)

    part = LivePart(wrapped, [*inputs, beat, memory], [*outputs, beat])
    part.also_on(tick.click)
    return part

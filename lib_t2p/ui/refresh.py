"""Keeping a tab up to date, and sending to the page only what it does not show yet.

The page's script presses a hidden button while the tab is seen. State comes from disk and queue
only, so a reloaded page shows what is going on at once. A hidden button works alike on gradio 3
and 4, holds no connection open, and rests with the page.

Refreshes of a part may overlap: a tick and a change of the person, say. Their answers are each
right, but may reach the page in another order than they were made, and then "no change" would be
said of a panel that another answer has just emptied. So a page says with each request which answer
it got last, and what that answer was is believed only if nothing overlapped with it.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from lib_t2p.errors import T2PError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import button, hidden, panel
from lib_t2p.ui.markup import message

Shown = dict[str, str]
"""What a page shows: panel name -> digest. A reloaded page begins with an empty one."""

KEPT = 16
"""Answers that are remembered; a page asks from one of the last few."""


class PageMemory:
    """Of one part of one open page. gradio copies it for each page that is opened.

    Attributes:
        sent: digests of what was sent last, in whatever order it arrived.
    """

    def __init__(self) -> None:
        self._asked: Counter[str] = Counter()
        self._answers: dict[str, tuple[str, Shown]] = {}
        self._open = 0
        self.sent: Shown = {}

    def begin(self, beat: str) -> Shown:
        """What the page shows for certain, at the start of a request.

        Args:
            beat: of the answer that the page got last; empty before the first.
        """
        self._asked[beat] += 1
        self._open += 1
        base, shown = self._answers.get(beat, ("", {}))
        alone = self._open == 1 and self._asked[base] == 1
        return dict(shown) if alone else {}

    def end(self, beat: str, answer: str, shown: Shown) -> None:
        """Remember an answer.

        Args:
            beat: as told to `begin`.
            answer: beat of this answer.
            shown: what the page shows once it got it.
        """
        self._open -= 1
        self._answers[answer] = (beat, shown)
        self.sent = {**self.sent, **shown}
        for old in list(self._answers)[:-KEPT]:
            base, _ = self._answers.pop(old, ("", {}))
            self._asked.pop(base, None)


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

    def visible(self, name: str, shown: bool) -> Any:
        """Show or hide a component when that differs from last time."""
        return self.send(name, shown, visible=shown)

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
    with hidden():
        tick = button(f"Refresh {name}", f"t2p_{name}_tick")
        beat = panel(f"t2p_{name}_beat")
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

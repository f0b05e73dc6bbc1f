"""Whole lines of a growing output, so that a new reader can go on where the last one stopped."""

from __future__ import annotations

from collections.abc import Callable

from lib_t2p.jobs.events import Event, Tail


class WholeLines:
    """Feeds whole lines of a file to a parser.

    Args:
        tail: of the file.
        feed: takes text of whole lines; a carriage return ends a line too, as in progress bars.
    """

    def __init__(self, tail: Tail, feed: Callable[[str], list[Event]]) -> None:
        self._tail = tail
        self._feed = feed
        self._rest = ""

    @property
    def told(self) -> int:
        """Bytes of the file that were fed to the parser."""
        return self._tail.offset - len(self._rest.encode("utf-8"))

    def new_events(self, *, over: bool) -> list[Event]:
        """Events of all that is new; `over` means that no more comes, so a part line counts."""
        events: list[Event] = []
        while text := self._tail.read_new():
            text = self._rest + text
            cut = max(text.rfind("\n"), text.rfind("\r")) + 1
            self._rest = text[cut:]
            if cut:
                events += self._feed(text[:cut])
        if over and self._rest:
            events += self._feed(self._rest)
            self._rest = ""
        return events

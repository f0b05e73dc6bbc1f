"""What an open page shows, told by the answers that reached it.

Refreshes of a part may overlap: a tick and a change of the person, say. Their answers are each
right, but may reach the page in another order than they were made, and then "no change" would be
said of a panel that another answer has just emptied. So a page says with each request which answer
it got last, and what that answer was is believed only if nothing overlapped with it.
"""

from __future__ import annotations

from collections import Counter

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

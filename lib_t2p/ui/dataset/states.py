"""What a build would do with each photo, computed again only when something changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

from lib_t2p.actions.datasets import PhotoState, photo_state
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.workspace import PersonFolder

Mark = tuple[object, ...]
"""Changes whenever the state may have changed."""
MOST_KEPT = 8


class PhotoStates:
    """For all open pages; safe to call from several threads."""

    def __init__(self) -> None:
        self._known: OrderedDict[Mark, PhotoState] = OrderedDict()
        self._lock = threading.Lock()

    def mark(self, person: PersonFolder, options: DatasetOptions) -> Mark:
        """Of the photos, what was seen, what was decided, and the options."""
        files = (person.survey, person.photo_choices, person.photos)
        return (str(person.root), *(_time(file) for file in files), options)

    def state(self, person: PersonFolder, options: DatasetOptions) -> PhotoState:
        """As `photo_state`."""
        mark = self.mark(person, options)
        with self._lock:
            if mark not in self._known:
                self._known[mark] = photo_state(person.workspace, person.slug, options)
                while len(self._known) > MOST_KEPT:
                    self._known.popitem(last=False)
            return self._known[mark]


def _time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0

"""What the inner tabs share: what a build would do with each photo, kept while nothing changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import gradio as gr

from lib_t2p import dataset
from lib_t2p.actions import photos as photo_actions
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.dataset.build_form import OptionFields
from lib_t2p.workspace import PersonFolder

Mark = tuple[object, ...]
"""Changes whenever the state may have changed."""
MOST_KEPT = 4
MOST_SURVEYS = 2
"""Each of thousands of photos takes tens of MB; states share the one they were made of."""
_T = TypeVar("_T")


class Recent:
    """The newest few of what was made, by what it was made of; safe for several threads.

    What is asked for while it is made is waited for, not made twice.

    Args:
        most: kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[Mark, object] = OrderedDict()
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._known)

    def get(self, mark: Mark, make: Callable[[], _T]) -> _T:
        """What belongs to `mark`, made by `make` unless it is known."""
        with self._lock:
            if mark not in self._known:
                self._known[mark] = make()
                while len(self._known) > self._most:
                    self._known.popitem(last=False)
            self._known.move_to_end(mark)
            found: _T = self._known[mark]  # type: ignore[assignment]
            return found


class PhotoStates:
    """For all open pages; safe to call from several threads."""

    def __init__(self) -> None:
        self._surveys = Recent(MOST_SURVEYS)
        self._states = Recent(MOST_KEPT)
        self._told = Recent(4 * MOST_KEPT)

    def mark(self, person: PersonFolder, options: dataset.DatasetOptions) -> Mark:
        """Of the photos, what was seen, what was decided, and the options."""
        files = (person.survey, person.photo_choices, person.photos)
        return (str(person.root), *(_stamp(file) for file in files), options)

    def state(
        self, person: PersonFolder, options: dataset.DatasetOptions
    ) -> photo_actions.PhotoState:
        """As `photo_state`."""
        return self._states.get(
            self.mark(person, options),
            lambda: photo_actions.photo_state(person.workspace, person.slug, options, self.survey),
        )

    def survey(self, person: PersonFolder) -> dataset.Survey | None:
        """As `read_survey`, which takes a second for thousands of photos."""
        mark = (str(person.root), _stamp(person.survey))
        return self._surveys.get(mark, lambda: dataset.read_survey(person))

    def told(self, what: str, mark: Mark, tell: Callable[[], _T]) -> _T:
        """What `tell` makes of the state of a mark, made once.

        Args:
            what: name of what is made.
            mark: of the state, see `mark`.
            tell: makes it.
        """
        return self._told.get((what, mark), tell)


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino)


@dataclass(frozen=True)
class Sides:
    """Given to each inner tab.

    Attributes:
        context: of the whole tab.
        options: fields of the build form.
        states: what a build would do with each photo.
    """

    context: TabContext
    options: OptionFields
    states: PhotoStates


@contextmanager
def side(title: str, part: str) -> Iterator[None]:
    """A tab whose column tells the page's script which part is seen."""
    with (
        gr.Tab(title, elem_id=f"t2p_dataset_tab_{part}"),
        gr.Column(elem_id=f"t2p_{part}_side"),
    ):
        yield

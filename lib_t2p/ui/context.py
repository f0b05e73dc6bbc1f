"""What the three tabs share."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lib_t2p.actions import Host
from lib_t2p.errors import InputError
from lib_t2p.jobs import ACTIVE, Job, Queue
from lib_t2p.ui import text
from lib_t2p.ui.live import JobWatch
from lib_t2p.ui.person_bar import chosen_person
from lib_t2p.workspace import Person, PersonFolder


@dataclass(frozen=True)
class TabContext:
    """Given to each tab.

    Attributes:
        host: the program that we run inside of.
        watch: follows the jobs.
        picker: the list of people at the top.
        submitting: held while a job is checked and submitted, so that a double click makes one.
    """

    host: Host
    watch: JobWatch
    picker: Any
    submitting: threading.Lock = field(default_factory=threading.Lock)

    def person(self, name: str | None) -> tuple[PersonFolder, Person] | None:
        """The person chosen at the top, or None."""
        return chosen_person(self.host, name)

    def open_person(self, name: str | None) -> tuple[PersonFolder, Person]:
        """The chosen person, for an action that starts something.

        Raises:
            InputError: this page may start nothing, or nobody is chosen.
        """
        closed = self.host.restricted() or self.host.unready()
        if closed:
            raise InputError(closed)
        found = self.person(name)
        if found is None:
            raise InputError(text.NO_PERSON)
        return found

    def active(self, person: PersonFolder, kinds: Sequence[str]) -> list[Job]:
        """Jobs of these kinds that are not over, newest first."""
        found = Queue(self.host.workspace).jobs(states=ACTIVE, person=person.slug, kind=kinds)
        return found[::-1]

"""What the three tabs share."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from lib_t2p import actions, jobs
from lib_t2p.actions import photos as photo_actions
from lib_t2p.errors import InputError
from lib_t2p.ui import text
from lib_t2p.ui.components import choice_field
from lib_t2p.ui.job_activity import JobWatch
from lib_t2p.workspace import Person, PersonFolder, Workspace


def person_picker(host: actions.Host) -> gr.Dropdown:
    """The list of people; filled anew each time the page loads."""
    names, chosen = people_choices(host)
    return choice_field("Person", "t2p_person", names, value=chosen)


def people_choices(host: actions.Host) -> tuple[list[str], str | None]:
    """Names in the order of the folders, and the one to show first.

    The person of a job at work comes first, else the one with the newest job, else the first.
    """
    people = photo_actions.list_people(host.workspace)
    by_slug = {folder.slug: person.name for folder, person in people}
    queue = jobs.Queue(host.workspace)
    newest = queue.newest(1, states=jobs.ACTIVE, person=by_slug) or queue.newest(1, person=by_slug)
    first = next((by_slug[job.person] for job in newest), None)
    names = list(by_slug.values())
    return names, first or (names[0] if names else None)


def chosen_person(host: actions.Host, name: str | None) -> tuple[PersonFolder, Person] | None:
    """The person of that name; None when nobody is chosen or the folder is gone."""
    for folder, person in photo_actions.list_people(host.workspace):
        if name and person.name == name:
            return folder, person
    return None


@dataclass(frozen=True)
class TabContext:
    """Given to each tab.

    Attributes:
        host: the program that we run inside of.
        watch: follows the jobs.
        picker: the list of people at the top.
        submitting: held while a job is checked and submitted, so that a double click makes one.
    """

    host: actions.Host
    watch: JobWatch
    picker: Any
    submitting: threading.Lock = field(default_factory=threading.Lock)

    @property
    def workspace(self) -> Workspace:
        """Where people, jobs and results lie."""
        return self.host.workspace

    def may_change(self) -> None:
        """Raise `InputError` when nothing may be started or removed from this page."""
        closed = self.host.restricted()
        if closed:
            raise InputError(closed)

    def may_start(self) -> None:
        """The same, also while something must be set up first."""
        self.may_change()
        missing = self.host.unready()
        if missing:
            raise InputError(missing)

    def person(self, name: str | None) -> tuple[PersonFolder, Person] | None:
        """The person chosen at the top, or None."""
        return chosen_person(self.host, name)

    def open_person(self, name: str | None) -> tuple[PersonFolder, Person]:
        """The chosen person, for an action that starts something.

        Raises:
            InputError: this page may start nothing, or nobody is chosen.
        """
        self.may_start()
        found = self.person(name)
        if found is None:
            raise InputError(text.NO_PERSON)
        return found

    def active(self, person: PersonFolder, kinds: Sequence[str]) -> list[jobs.Job]:
        """Jobs of these kinds that are not over, newest first."""
        found = jobs.Queue(self.host.workspace).jobs(
            states=jobs.ACTIVE, person=person.slug, kind=kinds
        )
        return found[::-1]

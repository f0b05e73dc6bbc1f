"""The person that all three tabs are about, chosen at the top."""

from __future__ import annotations

import gradio as gr

from lib_t2p.actions import Host
from lib_t2p.actions.photos import list_people
from lib_t2p.jobs import ACTIVE, Queue
from lib_t2p.ui import gradio_versions as g
from lib_t2p.workspace import Person, PersonFolder


def person_picker(host: Host) -> gr.Dropdown:
    """The list of people; filled anew each time the page loads."""
    names, chosen = people_choices(host)
    return g.private(
        gr.Dropdown(
            choices=names,
            value=chosen,
            label="Person",
            elem_id="t2p_person",
            interactive=True,
        )
    )


def people_choices(host: Host) -> tuple[list[str], str | None]:
    """Names in the order of the folders, and the one to show first.

    The person of a job at work comes first, else the one with the newest job, else the first.
    """
    people = list_people(host.workspace)
    by_slug = {folder.slug: person.name for folder, person in people}
    queue = Queue(host.workspace)
    newest = queue.newest(1, states=ACTIVE, person=by_slug) or queue.newest(1, person=by_slug)
    first = next((by_slug[job.person] for job in newest), None)
    names = list(by_slug.values())
    return names, first or (names[0] if names else None)


def chosen_person(host: Host, name: str | None) -> tuple[PersonFolder, Person] | None:
    """The person of that name; None when nobody is chosen or the folder is gone."""
    for folder, person in list_people(host.workspace):
        if name and person.name == name:
            return folder, person
    return None

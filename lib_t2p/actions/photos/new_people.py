"""Making and finding people."""

from __future__ import annotations

from datetime import datetime

from lib_t2p.workspace import Person, PersonFolder, Workspace, create_person, load_person, now_text


def new_person(
    workspace: Workspace,
    *,
    name: str,
    trigger: str,
    class_word: str,
    consent: str,
    now: datetime,
    consent_in_files: bool = True,
) -> PersonFolder:
    """Check and store a new person; raises `FaultsError` with all faults at once.

    Args:
        workspace: gets the person.
        name: as in `Person`, like the three that follow.
        trigger: see there.
        class_word: see there.
        consent: see there.
        now: when.
        consent_in_files: the consent note is written into each LoRA that is trained.
    """
    person = Person(
        name.strip(),
        trigger.strip(),
        class_word.strip(),
        consent.strip(),
        now_text(now),
        consent_in_files,
    )
    return create_person(workspace, person)


def list_people(workspace: Workspace) -> list[tuple[PersonFolder, Person]]:
    """Everybody in the workspace, by folder name."""
    return [(folder, load_person(folder)) for folder in workspace.people()]

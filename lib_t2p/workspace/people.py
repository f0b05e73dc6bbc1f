"""A person: name, trigger token, class word, consent note."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lib_t2p.errors import FaultsError, InputError
from lib_t2p.files import write_text
from lib_t2p.toml_io import dump_toml, read_toml
from lib_t2p.workspace.person import PersonFolder, Workspace

SCHEMA = 1
CLASS_WORDS = ("person", "woman", "man", "girl", "boy")
"""Class words offered; others are accepted."""

_TOKEN = re.compile(r"[^\W_][\w-]{0,39}")
_CLASS = re.compile(r"[^\W_][\w -]{0,39}")


@dataclass(frozen=True)
class Person:
    """One real person.

    Attributes:
        name: as typed, 1 to 80 characters.
        trigger: the token that stands for the person in captions and prompts; no spaces.
        class_word: what the person is, such as `woman`.
        consent: who may use the likeness and why, as typed with the tick; empty means no consent.
        created: ISO 8601 time.
        consent_in_files: the consent note is written into each LoRA that is trained, where
            everybody who has the file can read it.
    """

    name: str
    trigger: str
    class_word: str
    consent: str
    created: str
    consent_in_files: bool = True

    @property
    def caption(self) -> str:
        """What kohya reads from the folder name: trigger and class word."""
        return f"{self.trigger} {self.class_word}"


def create_person(workspace: Workspace, person: Person) -> PersonFolder:
    """Check and store a new person.

    Raises:
        FaultsError: all faults of the fields at once.
        InputError: a person of that folder name exists already.
    """
    faults = person_faults(person)
    if faults:
        raise FaultsError("This person cannot be made", faults)
    folder = workspace.person(person.name)
    if folder.record.exists():
        raise InputError(f"A person named {person.name!r} exists already ({folder.slug}).")
    folder.photos.mkdir(parents=True, exist_ok=True)
    write_text(folder.record, dump_toml({"schema": SCHEMA, **vars(person)}))
    return folder


def load_person(folder: PersonFolder) -> Person:
    """Read `person.toml`.

    Raises:
        InputError: there is no such person, or the file is damaged.
    """
    if not folder.record.exists():
        raise InputError(f"There is no person named {folder.slug!r}: {_who_else(folder)}.")
    table = read_toml(folder.record)
    wanted = ("name", "trigger", "class_word", "consent", "created")
    missing = [key for key in wanted if not isinstance(table.get(key), str)]
    if missing:
        raise InputError(f"{folder.record} lacks {', '.join(missing)}: restore or re-create it.")
    in_files = table.get("consent_in_files", True)
    return Person(**{key: table[key] for key in wanted}, consent_in_files=in_files is not False)


def _who_else(folder: PersonFolder) -> str:
    """What to do instead; a typing mistake is likelier than a person that was never made."""
    known = [other.slug for other in folder.workspace.people()]
    return (
        f"there are {', '.join(known)}" if known else "there is nobody yet, create a person first"
    )


def person_faults(person: Person) -> list[str]:
    """Name every fault of the fields, in the order of the form."""
    faults = []
    if not 1 <= len(person.name.strip()) <= 80 or not re.search(r"\w", person.name):
        faults.append("the name must have 1 to 80 characters with at least one letter or digit")
    if Path(person.name).name != person.name or "\\" in person.name or ".." in person.name:
        faults.append(f"the name {person.name!r} looks like a path: type the person's name")
    if not _TOKEN.fullmatch(person.trigger):
        faults.append(
            f"the trigger {person.trigger!r} must be one word of letters and digits, up to 40"
        )
    if not _CLASS.fullmatch(person.class_word):
        faults.append(f"the class word {person.class_word!r} must be letters, such as woman")
    if not person.consent.strip():
        faults.append("consent is missing: confirm that you may use this person's likeness")
    return faults


def consent_words(person: Person) -> str:
    """The consent as it stands in a LoRA's metadata, one line; empty when it is kept out."""
    if not person.consent_in_files:
        return ""
    return "Consent: " + " ".join(person.consent.split())


def now_text(now: datetime) -> str:
    """ISO 8601 with seconds, for `created` fields."""
    return now.isoformat(timespec="seconds")

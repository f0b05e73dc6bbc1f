"""`photos.json`: what was imported from where, and what could not be."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.workspace import PersonFolder

SCHEMA = 1


@dataclass(frozen=True)
class ImportedPhoto:
    """A photo in the person's folder.

    Attributes:
        file: its name there.
        sha256: of its bytes, hexadecimal.
        source: the path it came from.
    """

    file: str
    sha256: str
    source: str


@dataclass(frozen=True)
class FailedPhoto:
    """A photo that could not be imported.

    Attributes:
        name: file name as it was given.
        reason: a sentence.
        source: the path.
    """

    name: str
    reason: str
    source: str


@dataclass(frozen=True)
class PhotoList:
    """All photos ever imported, and the failures that still stand."""

    photos: tuple[ImportedPhoto, ...] = ()
    failed: tuple[FailedPhoto, ...] = ()


def read_photo_list(person: PersonFolder) -> PhotoList:
    """Read the list; empty before the first import.

    Raises:
        WorkspaceError: damaged, or written by a newer version.
    """
    if not person.photo_list.exists():
        return PhotoList()
    record = read_record(person.photo_list, SCHEMA)
    try:
        return PhotoList(
            tuple(ImportedPhoto(**entry) for entry in record["photos"]),
            tuple(FailedPhoto(**entry) for entry in record["failed"]),
        )
    except (KeyError, TypeError) as error:
        raise WorkspaceError(
            f"{person.photo_list} is damaged ({error!r}): delete it and import the photos again."
        ) from error


def write_photo_list(person: PersonFolder, photos: PhotoList) -> None:
    """Write the list whole."""
    write_record(person.photo_list, SCHEMA, asdict(photos))

"""Bringing photos into a person's folder; the originals are never changed."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.dataset.photo_list import (
    FailedPhoto,
    ImportedPhoto,
    PhotoList,
    read_photo_list,
    write_photo_list,
)
from lib_t2p.dataset.sources import find_photos, photo_files
from lib_t2p.errors import InputError, PhotoError, WorkspaceError
from lib_t2p.files import slug, whole_file
from lib_t2p.jobs.reporter import Reporter
from lib_t2p.vision.images import open_photo
from lib_t2p.vision.photo_formats import RAW_SUFFIXES, SUFFIX_OF
from lib_t2p.workspace import PersonFolder

CHECK_SIDE = 256
"""Photos are decoded down to this side, pixels, to see whether they are whole."""


@dataclass(frozen=True)
class ImportResult:
    """What an import did.

    Attributes:
        added: names in the person's folder.
        known: names there of photos that had been imported before.
        failed: file name and reason.
    """

    added: tuple[str, ...]
    known: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]


def import_photos(
    person: PersonFolder, sources: Sequence[Path], reporter: Reporter
) -> ImportResult:
    """Hard-link (or copy, across drives) photos under safe, unique names.

    A photo whose bytes are there already is not added again. The list is written after each photo,
    so that an import that was killed goes on where it stood.

    Args:
        person: whose photos they are.
        sources: folders, looked through with their subfolders, and files.
        reporter: told of each photo.

    Raises:
        InputError: a source is missing or unreadable, there is no photo in it, or none could be
            read.
        WorkspaceError: the disk is full or may not be written.
    """
    reporter.phase("import")
    found = find_photos(sources, reporter)
    work = _Import(person)
    for done, path in enumerate(found):
        reporter.progress(done, len(found), "photo")
        reporter.check_stop()
        work.take(path)
    reporter.progress(len(found), len(found), "photo")
    if not work.added and not work.known:
        first = work.failed[0]
        raise InputError(
            f"None of the {len(found)} photos in {_named(sources)} can be used. The first: "
            f"{first[1]}"
        )
    return ImportResult(tuple(work.added), tuple(work.known), tuple(work.failed))


class _Import:
    """The state of one import."""

    def __init__(self, person: PersonFolder) -> None:
        self.person = person
        self.added: list[str] = []
        self.known: list[str] = []
        self.failed: list[tuple[str, str]] = []
        listed = read_photo_list(person)
        self._photos = {p.sha256: p for p in listed.photos if (person.photos / p.file).is_file()}
        self._photos.update(_unlisted(person, {p.file for p in self._photos.values()}))
        self._failures = {f.source: f for f in listed.failed}
        self._names = _names_in(person.photos)

    def take(self, path: Path) -> None:
        """Import one photo, or record why not."""
        self._failures.pop(str(path), None)
        try:
            digest = _sha256(path)
            if digest in self._photos:
                self.known.append(self._photos[digest].file)
                return
            suffix = _checked_suffix(path)
        except PhotoError as error:
            self.failed.append((path.name, str(error)))
            self._failures[str(path)] = FailedPhoto(path.name, str(error), str(path))
            self._save()
            return
        name = self._free_name(path.stem, suffix)
        _link(path, self.person.photos / name)
        self._names.add(name.lower())
        self._photos[digest] = ImportedPhoto(name, digest, str(path))
        self.added.append(name)
        self._save()

    def _free_name(self, stem: str, suffix: str) -> str:
        try:
            base = slug(stem)
        except WorkspaceError:
            base = "photo"
        number, name = 1, f"{base}{suffix}"
        while name.lower() in self._names:
            number += 1
            name = f"{base}-{number}{suffix}"
        return name

    def _save(self) -> None:
        photos = tuple(sorted(self._photos.values(), key=lambda photo: photo.file))
        failed = tuple(sorted(self._failures.values(), key=lambda photo: photo.source))
        write_photo_list(self.person, PhotoList(photos, failed))


def _checked_suffix(path: Path) -> str:
    if path.suffix.lower() in RAW_SUFFIXES:
        raise PhotoError(
            f"{path.name} is a camera raw file, which is not read: export it as JPEG or PNG."
        )
    return SUFFIX_OF[open_photo(path, CHECK_SIDE).kind]


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise PhotoError(
            f"{path.name} cannot be read ({error.strerror}): check the file and its permissions."
        ) from error
    return digest.hexdigest()


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    real = source.resolve()
    try:
        os.link(real, target)
    except OSError:
        # Another drive, a file system without hard links, or no right to link: copy.
        with whole_file(target) as partial:
            shutil.copyfile(real, partial)


def _unlisted(person: PersonFolder, listed: set[str]) -> dict[str, ImportedPhoto]:
    # A killed import may have linked a photo that it did not list any more.
    files = photo_files(person)
    found = {_sha256(f): f for f in files if f.name not in listed}
    return {digest: ImportedPhoto(f.name, digest, "") for digest, f in found.items()}


def _names_in(folder: Path) -> set[str]:
    return {f.name.lower() for f in folder.iterdir()} if folder.is_dir() else set()


def _named(sources: Sequence[Path]) -> str:
    return ", ".join(str(source) for source in sources)

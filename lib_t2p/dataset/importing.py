"""Bringing photos into a person's folder; the originals are never changed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import cv2

from lib_t2p.dataset.archives import scratch_folder
from lib_t2p.dataset.caption_files import write_imported
from lib_t2p.dataset.found import INSIDE, Found, printable
from lib_t2p.dataset.photo_list import (
    FailedPhoto,
    ImportedPhoto,
    PhotoList,
    read_photo_list,
    write_photo_list,
)
from lib_t2p.dataset.placing import file_digest, place_photo
from lib_t2p.dataset.sources import list_sources, photo_files
from lib_t2p.dataset.videos import Frame, sample_frames
from lib_t2p.errors import InputError, PhotoError, WorkspaceError
from lib_t2p.files import slug
from lib_t2p.jobs.events import Reporter
from lib_t2p.plurals import counted, plural
from lib_t2p.vision.photo_files import SUFFIX_OF, open_photo, save_jpeg
from lib_t2p.workspace import PersonFolder, PhotoSet

CHECK_SIDE = 256
"""Photos are decoded down to this side, pixels, to see whether they are whole."""
SAVE_EVERY = 2.0
"""Seconds between writings of the list: a write for each photo would cost more the more there
are. Photos that a killed import did not list are known by their content."""
SCRATCH = "import"
"""Folder in the cache for one unpacked photo."""
SHOWN = 5
"""Names in a sentence."""
FRAME_QUALITY = 95
"""JPEG quality of frames; their colour is kept in full resolution."""


@dataclass(frozen=True)
class ImportResult:
    """What an import did.

    Attributes:
        added: names in the person's folder.
        known: names there of photos that had been imported before.
        failed: file name and reason.
        passed: names of files that are no photos and were passed over.
        captions: how many captions that lay beside photos were taken.
    """

    added: tuple[str, ...]
    known: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]
    passed: tuple[str, ...] = ()
    captions: int = 0


def import_photos(
    person: PersonFolder, sources: Sequence[Path], reporter: Reporter
) -> ImportResult:
    """Hard-link (or copy, across drives) photos under safe, unique names.

    ZIP archives are unpacked one photo at a time; of videos the frames are taken in which the
    picture has changed and is sharp. A photo whose bytes are there already is not added again. An
    import that was killed or stopped goes on where it stood.

    Args:
        person: whose photos they are.
        sources: folders, looked through with their subfolders, and files.
        reporter: told of each photo.

    Raises:
        InputError: a source is missing or unreadable, there is no photo in it, or none could be
            read.
        WorkspaceError: the list of photos cannot be written.
        StopRequested: the person asked to stop; what was taken stays.
    """
    reporter.phase("import")
    scratch = person.workspace.cache / SCRATCH
    listing = list_sources(sources, scratch, reporter)
    found = listing.found
    work = _Import(person)
    try:
        for refused in listing.refused:
            work.refuse(refused.name, refused.reason, refused.source)
        started = time.monotonic()
        for done, item in enumerate(found):
            left = (time.monotonic() - started) / done * (len(found) - done) if done else None
            reporter.progress(done, len(found), "photo", seconds_left=left)
            reporter.check_stop()
            if isinstance(item, Path):
                _take_frames(item, scratch, work, reporter)
            else:
                work.take(item)
        reporter.progress(len(found), len(found), "photo")
    finally:
        work.save()
        captions = _keep_captions(person, work.captions, reporter)
    _tell_passed(listing.passed, reporter)
    if not work.added and not work.known:
        count, first = max(len(found), len(work.failed)), work.failed[0]
        raise InputError(
            f"None of the {count} photos in {_named(sources)} can be used. The first: {first[1]}"
        )
    return ImportResult(
        tuple(work.added), tuple(work.known), tuple(work.failed), tuple(listing.passed), captions
    )


class _Import:
    """The state of one import."""

    def __init__(self, person: PersonFolder) -> None:
        self.person = person
        self.added: list[str] = []
        self.known: list[str] = []
        self.failed: list[tuple[str, str]] = []
        self.captions: dict[str, str] = {}
        listed = read_photo_list(person)
        self._photos = {p.sha256: p for p in listed.photos if (person.photos / p.file).is_file()}
        self._photos.update(_unlisted(person, {p.file for p in self._photos.values()}))
        self._failures = {f.source: f for f in listed.failed}
        self._names = _names_in(person.photos)
        self._saved = time.monotonic()

    def take(self, found: Found) -> None:
        """Import one photo, or record why not."""
        self._failures.pop(printable(found.source), None)
        try:
            with found.opened() as path:
                name = self._take_file(found, path)
            if found.caption:
                self.captions.setdefault(name, found.caption)
        except (PhotoError, WorkspaceError) as error:
            # A full disk is one photo's reason too: smaller ones and links may still fit.
            self.refuse(found.name, str(error), found.source)
        except OSError as error:
            reason = f"{found.name} could not be taken: {error.strerror or error}."
            self.refuse(found.name, reason, found.source)
        if time.monotonic() - self._saved > SAVE_EVERY:
            self.save()

    def refuse(self, name: str, reason: str, source: str) -> None:
        """Record why a photo was not taken, in letters that can be written."""
        failed = FailedPhoto(printable(name), printable(reason), printable(source))
        self.failed.append((failed.name, failed.reason))
        self._failures[failed.source] = failed

    def save(self) -> None:
        """Write the list."""
        photos = tuple(sorted(self._photos.values(), key=lambda photo: photo.file))
        failed = tuple(sorted(self._failures.values(), key=lambda photo: photo.source))
        write_photo_list(self.person, PhotoList(photos, failed))
        self._saved = time.monotonic()

    def _take_file(self, found: Found, path: Path) -> str:
        digest = file_digest(path)
        if digest in self._photos:
            return self._know(digest, printable(found.source))
        suffix = _checked_suffix(path, found.name)
        name = self._free_name(Path(found.name).stem, suffix)
        place_photo(path, self.person.photos / name, move=found.is_temporary)
        self._names.add(name.lower())
        self._photos[digest] = ImportedPhoto(name, digest, printable(found.source))
        self.added.append(name)
        return name

    def _know(self, digest: str, source: str) -> str:
        photo = self._photos[digest]
        self.known.append(photo.file)
        if not photo.source:
            # An import that was killed before it wrote the list had taken it.
            self._photos[digest] = replace(photo, source=source)
        return photo.file

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


def _take_frames(video: Path, scratch: Path, work: _Import, reporter: Reporter) -> None:
    try:
        for frame in sample_frames(video, reporter.check_stop):
            name = f"{video.stem} {frame.seconds:07.2f}.jpg"
            source = f"{video}{INSIDE}{frame.seconds:.2f}"
            work.take(Found(name, source, partial(_frame_file, frame, scratch), is_temporary=True))
    except PhotoError as error:
        work.refuse(video.name, str(error), str(video))
    except (cv2.error, ValueError) as error:
        reason = f"{video.name} cannot be looked through ({error}): rename it, or convert it."
        work.refuse(video.name, reason, str(video))


def _keep_captions(person: PersonFolder, captions: Mapping[str, str], reporter: Reporter) -> int:
    if not captions:
        return 0
    if isinstance(person, PhotoSet):
        reporter.warning(
            f"{counted(len(captions), 'caption')} beside the photos "
            f"{plural('was', len(captions))} not taken: the name of their folder "
            "is the caption of pictures of a class."
        )
        return 0
    return write_imported(person, captions, reporter)


def _tell_passed(passed: Sequence[str], reporter: Reporter) -> None:
    if passed:
        named = ", ".join(dict.fromkeys(passed[:SHOWN]))
        more = f" and {len(passed) - SHOWN} more" if len(passed) > SHOWN else ""
        files = "file is no photo and was" if len(passed) == 1 else "files are no photos and were"
        reporter.warning(f"{len(passed)} {files} passed over: {named}{more}.")


@contextmanager
def _frame_file(frame: Frame, scratch: Path) -> Iterator[Path]:
    with scratch_folder(scratch) as folder:
        save_jpeg(frame.picture, folder / "frame.jpg", FRAME_QUALITY)
        yield folder / "frame.jpg"


def _checked_suffix(path: Path, name: str) -> str:
    try:
        return SUFFIX_OF[open_photo(path, CHECK_SIDE).kind]
    except PhotoError as error:
        # What was unpacked has a name of ours; people know the one in the archive.
        raise PhotoError(str(error).replace(path.name, name)) from error


def _unlisted(person: PersonFolder, listed: set[str]) -> dict[str, ImportedPhoto]:
    # A killed import may have linked a photo that it did not list any more.
    files = photo_files(person)
    found = {file_digest(f): f for f in files if f.name not in listed}
    return {digest: ImportedPhoto(f.name, digest, "") for digest, f in found.items()}


def _names_in(folder: Path) -> set[str]:
    return {f.name.lower() for f in folder.iterdir()} if folder.is_dir() else set()


def _named(sources: Sequence[Path]) -> str:
    return printable(", ".join(str(source) for source in sources))

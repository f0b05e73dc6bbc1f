"""Photos in ZIP archives, taken out one at a time and never trusted."""

from __future__ import annotations

import errno
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath

from lib_t2p.dataset.found import INSIDE, Found
from lib_t2p.errors import PhotoError, WorkspaceError
from lib_t2p.vision.photo_formats import RAW_SUFFIXES, SUFFIXES

SUFFIX = ".zip"
MOST_ENTRIES = 20_000
"""More files in one archive are refused."""
MOST_BYTES = 512 << 20
"""Largest photo in an archive, bytes."""
MOST_RATIO = 200.0
"""Pictures are compressed already; what packs better than this is a bomb."""
HARMLESS_BYTES = 4 << 20
"""Below this size any ratio will do: drawn pictures of one colour pack very well."""
_BLOCK = 1 << 20
_FULL = (errno.ENOSPC, errno.EROFS, errno.EACCES)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


def photos_in_archive(archive: Path, scratch: Path) -> tuple[list[Found], list[tuple[str, str]]]:
    """List the photos of an archive; nothing is unpacked yet.

    Args:
        archive: a ZIP file.
        scratch: folder for one unpacked photo at a time.

    Returns:
        What may be taken, in the order of the archive, and (name, reason) of what was refused.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
    except _BROKEN as error:
        return [], [(archive.name, f"{archive.name} is no whole ZIP archive: {error}.")]
    if len(entries) > MOST_ENTRIES:
        reason = f"{archive.name} holds {len(entries)} files; at most {MOST_ENTRIES} are looked at."
        return [], [(archive.name, f"{reason} Unpack it and point at the folder.")]
    found: list[Found] = []
    refused: list[tuple[str, str]] = []
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if entry.is_dir() or not _is_photo(path):
            continue
        reason = _refusal(archive, entry, path)
        if reason:
            refused.append((path.name, reason))
        else:
            opened_entry = partial(_unpacked, archive, entry, scratch)
            source = f"{archive}{INSIDE}{path}"
            found.append(Found(path.name, source, opened_entry, is_temporary=True))
    return found, refused


def _is_photo(path: PurePosixPath) -> bool:
    # What macOS puts beside each photo has the photo's suffix and is none.
    hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in path.parts)
    return not hidden and path.suffix.lower() in SUFFIXES | RAW_SUFFIXES


def _refusal(archive: Path, entry: zipfile.ZipInfo, path: PurePosixPath) -> str:
    where = f"{path.name} in {archive.name}"
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return f"{where} has a path that leads out of the archive: it was not unpacked."
    if stat.S_ISLNK(entry.external_attr >> 16):
        return f"{where} is a link, not a photo: it was not followed."
    if entry.flag_bits & 0x1:
        return f"{where} is protected by a password: unpack the archive yourself."
    if entry.file_size > MOST_BYTES:
        return f"{where} would unpack to {entry.file_size >> 20} MB; no photo is that large."
    ratio = entry.file_size / max(entry.compress_size, 1)
    if entry.file_size > HARMLESS_BYTES and ratio > MOST_RATIO:
        return f"{where} would grow {ratio:.0f} times when unpacked: it was taken for a zip bomb."
    return ""


@contextmanager
def _unpacked(archive: Path, entry: zipfile.ZipInfo, scratch: Path) -> Iterator[Path]:
    with scratch_folder(scratch) as folder:
        target = folder / f"photo{PurePosixPath(entry.filename).suffix.lower()}"
        try:
            _unpack(archive, entry, target)
        except (*_BROKEN, RuntimeError) as error:
            if isinstance(error, OSError) and error.errno in _FULL:
                # Nothing is wrong with the archive.
                raise
            raise PhotoError(
                f"{PurePosixPath(entry.filename).name} in {archive.name} is damaged ({error}): "
                "make the archive again."
            ) from error
        yield target


def _unpack(archive: Path, entry: zipfile.ZipInfo, target: Path) -> None:
    with (
        zipfile.ZipFile(archive) as opened,
        opened.open(entry) as packed,
        target.open("wb") as file,
    ):
        left = entry.file_size
        while block := packed.read(_BLOCK):
            left -= len(block)
            if left < 0:
                raise zipfile.BadZipFile("more bytes than it declares")
            file.write(block)


@contextmanager
def scratch_folder(scratch: Path) -> Iterator[Path]:
    """A folder for one photo, gone afterwards; raises `WorkspaceError` when it cannot be made."""
    try:
        scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=scratch, ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    except OSError as error:
        raise WorkspaceError(
            f"{scratch} cannot be written ({error.strerror}): check its permissions and the free "
            "space."
        ) from error

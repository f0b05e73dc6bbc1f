"""Looking for photos in what a person points at."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath

from lib_t2p.dataset.archives import list_archive
from lib_t2p.dataset.caption_files import TextsBeside, caption_of, keys_of
from lib_t2p.dataset.found import Found, Listing, Refused, printable
from lib_t2p.dataset.sorting import is_hidden, sort_file
from lib_t2p.errors import InputError
from lib_t2p.jobs.events import Reporter
from lib_t2p.vision.photo_files import HEAD, SUFFIXES
from lib_t2p.workspace import PersonFolder

MOST_CAPTION = 64 << 10
"""Bytes that are read of a text beside a photo."""


def list_sources(sources: Sequence[Path], scratch: Path, reporter: Reporter) -> Listing:
    """Photos, archives and videos in folders (with subfolders, hidden ones not) and those named.

    Every file is told by its content. Links to folders are not followed. Of several sources one
    that is missing is refused and costs only itself.

    Args:
        sources: folders and files.
        scratch: folder for one unpacked photo at a time.
        reporter: told of folders that cannot be read.

    Raises:
        InputError: the only source is missing or unreadable, or there is no photo in all of them.
    """
    listing = Listing()
    paths: list[Path] = []
    for source in sources:
        try:
            paths += _files_of(source, listing, reporter)
        except InputError as error:
            if len(sources) == 1:
                raise
            listing.refused.append(Refused(source.name, str(error), str(source)))
    texts = TextsBeside()
    for path in dict.fromkeys(paths):
        _list_file(path, sources, scratch, listing, texts)
    texts.give(listing)
    if not listing.found and not listing.refused:
        named = ", ".join(str(source) for source in sources) or "nothing"
        raise InputError(
            f"There are no photos in {printable(named)}: point at a folder with JPEG, PNG, WebP or "
            "HEIC files, at a ZIP archive or at a video."
        )
    return listing


def photo_files(person: PersonFolder) -> list[Path]:
    """The originals of a person, by name; half-written ones are not among them."""
    if not person.photos.is_dir():
        return []
    files = (f for f in person.photos.iterdir() if f.is_file())
    return sorted(f for f in files if f.suffix.lower() in SUFFIXES)


def _files_of(source: Path, listing: Listing, reporter: Reporter) -> list[Path]:
    if source.is_dir():
        return _in_folder(source, listing, reporter)
    # A pipe, a device and a link to nothing are there too, and get their reason.
    if not os.path.lexists(source):
        raise InputError(
            f"{printable(str(source))} does not exist: point at a folder or at photos."
        )
    return [source]


def _list_file(
    path: Path,
    sources: Sequence[Path],
    scratch: Path,
    listing: Listing,
    texts: TextsBeside,
) -> None:
    name, is_wanted = printable(path.name), path in sources
    fault = _kind_fault(path, sources)
    head = b"" if fault else _head(path)
    if fault:
        listing.refused.append(Refused(name, fault, str(path)))
        return
    found = sort_file(name, head, is_wanted=is_wanted)
    if found.fate == "refused":
        listing.refused.append(Refused(name, found.reason, str(path)))
    elif found.fate == "archive":
        inside = list_archive(path, scratch)
        listing.found += inside.found
        listing.refused += inside.refused
        listing.passed += inside.passed
    elif found.fate == "video":
        listing.found.append(path)
    elif found.fate == "caption":
        texts.add(name, path, caption_of(_head(path, MOST_CAPTION + 1)), is_named=is_wanted)
    elif found.fate == "photo":
        listing.found.append(
            Found(name, str(path), partial(_itself, path), beside=keys_of(path, is_named=is_wanted))
        )
    else:
        listing.passed.append(name)


def _head(path: Path, count: int = HEAD) -> bytes:
    """The first bytes; none of a file that cannot be read, which then fails with its reason."""
    try:
        with path.open("rb") as file:
            return file.read(count)
    except OSError:
        return b""


def _kind_fault(path: Path, sources: Sequence[Path]) -> str:
    """Why a path is not opened, a sentence; empty for files and for links that stay inside.

    Reading a pipe or a device would wait for ever. A link that was named itself is a wish and is
    followed.
    """
    name = printable(path.name)
    if path.exists() and not path.is_file():
        return f"{name} is a pipe or a device, not a file: leave it away."
    if not path.is_symlink():
        return ""
    if not path.exists():
        return f"{name} is a link to nothing: name the photo itself instead."
    if path in sources:
        return ""
    roots = [s.resolve() for s in sources if s.is_dir()]
    real = Path(os.path.realpath(path))
    if any(root in real.parents for root in roots):
        return ""
    return f"{name} is a link that leads out of the folder: name the photo itself instead."


@contextmanager
def _itself(path: Path) -> Iterator[Path]:
    yield path


def _in_folder(folder: Path, listing: Listing, reporter: Reporter) -> list[Path]:
    def refuse(error: OSError) -> None:
        name = str(error.filename or folder)
        if Path(name) == folder:
            raise InputError(
                f"The folder {printable(name)} cannot be read ({error.strerror}): change its "
                "permissions or choose another one."
            ) from error
        reporter.warning(f"The folder {printable(name)} was skipped: {error.strerror}.")

    found = []
    for root, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if is_hidden(PurePosixPath(name)):
                listing.passed.append(printable(name))
            else:
                found.append(Path(root) / name)
    return found

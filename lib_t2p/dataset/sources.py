"""Looking for photos in what a person points at."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from lib_t2p.dataset import archives, videos
from lib_t2p.errors import InputError
from lib_t2p.jobs.reporter import Reporter
from lib_t2p.vision.photo_formats import RAW_SUFFIXES, SUFFIXES
from lib_t2p.workspace import PersonFolder


def find_photos(sources: Sequence[Path], reporter: Reporter) -> list[Path]:
    """Photos, archives and videos in folders (with subfolders, hidden ones not) and those named.

    A file named itself is always taken; in folders the suffix decides. Links to folders are not
    followed.

    Raises:
        InputError: a source is missing or unreadable, or there is no photo in all of them.
    """
    found: list[Path] = []
    for source in sources:
        if source.is_dir():
            found += _in_folder(source, reporter)
        elif source.is_file():
            found.append(source)
        else:
            raise InputError(f"{source} does not exist: point at a folder or at photos.")
    if not found:
        named = ", ".join(str(source) for source in sources) or "nothing"
        raise InputError(
            f"There are no photos in {named}: point at a folder with JPEG, PNG, WebP or HEIC "
            "files, at a ZIP archive or at a video."
        )
    return list(dict.fromkeys(found))


def is_archive(path: Path) -> bool:
    """Whether a file is looked into as a ZIP archive; its name decides."""
    return path.suffix.lower() == archives.SUFFIX


def is_video(path: Path) -> bool:
    """Whether a file is looked through as a video; its name decides."""
    return path.suffix.lower() in videos.SUFFIXES


def kind_fault(path: Path, sources: Sequence[Path]) -> str:
    """Why a path is not opened, a sentence; empty for files and for links that stay inside.

    Reading a pipe or a device would wait for ever. A link that was named itself is a wish and is
    followed.
    """
    if path.exists() and not path.is_file():
        return f"{path.name} is a pipe or a device, not a file: leave it away."
    if not path.is_symlink() or path in sources:
        return ""
    roots = [s.resolve() for s in sources if s.is_dir()]
    # `Path.resolve` raises for links in a circle, which then fail to open with a reason.
    real = Path(os.path.realpath(path))
    if any(root in real.parents for root in roots):
        return ""
    return f"{path.name} is a link that leads out of the folder: name the photo itself instead."


def photo_files(person: PersonFolder) -> list[Path]:
    """The originals of a person, by name; half-written ones are not among them."""
    if not person.photos.is_dir():
        return []
    files = (f for f in person.photos.iterdir() if f.is_file())
    return sorted(f for f in files if f.suffix.lower() in SUFFIXES)


def _in_folder(folder: Path, reporter: Reporter) -> list[Path]:
    def refuse(error: OSError) -> None:
        name = str(error.filename or folder)
        if Path(name) == folder:
            raise InputError(
                f"The folder {folder} cannot be read ({error.strerror}): change its permissions "
                "or choose another one."
            ) from error
        reporter.warning(f"The folder {name} was skipped: {error.strerror}.")

    wanted = SUFFIXES | RAW_SUFFIXES | videos.SUFFIXES | {archives.SUFFIX}
    found = []
    for root, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = [Path(root) / name for name in sorted(files) if not name.startswith(".")]
        found += [p for p in paths if p.suffix.lower() in wanted]
    return found

"""Looking at every photo of a person, once."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from lib_t2p.dataset.looking import INSPECT_SIDE, look_at
from lib_t2p.dataset.photo_report import PhotoReport, SeenFace
from lib_t2p.dataset.placing import file_digest
from lib_t2p.dataset.seen_photos import SeenPhotos
from lib_t2p.dataset.sources import photo_files
from lib_t2p.errors import InputError, PhotoError
from lib_t2p.jobs import Crew
from lib_t2p.jobs.events import Reporter
from lib_t2p.vision.faces import VisionTools
from lib_t2p.vision.photo_files import OpenedPhoto, open_photo
from lib_t2p.workspace import PersonFolder

__all__ = ["PhotoReport", "SeenFace", "inspect_photo", "inspect_photos", "look_into_cache"]

FEW = 24
"""New photos below which starting processes takes longer than it saves."""
_PROCESS = (sys.executable, "-m", "lib_t2p.dataset.inspecting_process")


def inspect_photos(
    person: PersonFolder, tools: VisionTools, reporter: Reporter, helpers: int = 1
) -> list[PhotoReport]:
    """Look at all photos of a person; what was seen of a file before is taken from the cache.

    One photo is looked at while the next is decoded, so that two are in memory.

    Args:
        person: whose photos they are.
        tools: who looks at them.
        reporter: told of each photo.
        helpers: processes that look at many new photos at once; 1 looks in this one alone.

    Raises:
        InputError: there is no photo.
        StopRequested: the person asked to stop.
    """
    files = photo_files(person)
    if not files:
        raise InputError(f"There are no photos in {person.photos}: import some first.")
    reporter.phase("faces")
    cache = person.workspace.cache / "seen"
    seen = SeenPhotos(cache, tools)
    if helpers > 1:
        _ask_helpers(files, seen, Crew([*_PROCESS, str(cache)], helpers, tools.mark), reporter)
    reports: list[PhotoReport] = []
    started = time.monotonic()
    with ThreadPoolExecutor(1, "decode") as pool:
        ahead = deque([pool.submit(_begin, files[0], seen)])
        for done in range(len(files)):
            left = (time.monotonic() - started) / done * (len(files) - done) if done else None
            reporter.progress(done, len(files), "photo", seconds_left=left)
            reporter.check_stop()
            begun = ahead.popleft().result()
            if done + 1 < len(files):
                ahead.append(pool.submit(_begin, files[done + 1], seen))
            reports.append(_finished(begun, seen, tools))
    reporter.progress(len(files), len(files), "photo")
    return reports


def inspect_photo(path: Path, tools: VisionTools) -> PhotoReport:
    """Look at one photo; one that cannot be opened gives a report with its fault."""
    try:
        return look_at(path.name, open_photo(path, INSPECT_SIDE), tools)
    except PhotoError as error:
        return PhotoReport(path.name, fault=str(error))


def look_into_cache(path: Path, seen: SeenPhotos, tools: VisionTools) -> None:
    """Look at a photo so that the cache has what is to be seen.

    Raises:
        PhotoError: it cannot be opened.
        WorkspaceError: the disk is full.
    """
    digest = file_digest(path)
    if seen.read(digest) is None:
        opened = open_photo(path, INSPECT_SIDE)
        seen.write(digest, replace(look_at(path.name, opened, tools), sha256=digest))


def _ask_helpers(files: Sequence[Path], seen: SeenPhotos, crew: Crew, reporter: Reporter) -> None:
    """Let the crew look at the new photos; what it leaves out is looked at afterwards."""
    new = [path for path in files if not seen.has(path)]
    if len(new) < FEW:
        return
    started = time.monotonic()
    with closing(crew.answers(str(path.absolute()) for path in new)) as answers:
        for done, _ in enumerate(answers, 1):
            left = (time.monotonic() - started) / done * (len(new) - done)
            reporter.progress(len(files) - len(new) + done, len(files), "photo", seconds_left=left)
            reporter.check_stop()


def _begin(path: Path, seen: SeenPhotos) -> tuple[str, str, PhotoReport | OpenedPhoto]:
    """Name, digest, and what was seen before or else the opened photo."""
    try:
        digest = file_digest(path)
        known = seen.read(digest)
        if known is not None:
            return path.name, digest, replace(known, photo=path.name)
        return path.name, digest, open_photo(path, INSPECT_SIDE)
    except PhotoError as error:
        return path.name, "", PhotoReport(path.name, fault=str(error))


def _finished(
    begun: tuple[str, str, PhotoReport | OpenedPhoto], seen: SeenPhotos, tools: VisionTools
) -> PhotoReport:
    name, digest, what = begun
    if isinstance(what, PhotoReport):
        return what
    report = replace(look_at(name, what, tools), sha256=digest)
    seen.write(digest, report)
    return report

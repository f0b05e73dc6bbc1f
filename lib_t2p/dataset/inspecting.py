"""Looking at every photo of a person, once."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from lib_t2p.dataset.looking import INSPECT_SIDE, look_at
from lib_t2p.dataset.photo_report import PhotoReport, SeenFace
from lib_t2p.dataset.placing import file_digest
from lib_t2p.dataset.seen_photos import SeenPhotos
from lib_t2p.dataset.sources import photo_files
from lib_t2p.errors import InputError, PhotoError
from lib_t2p.jobs.reporter import Reporter
from lib_t2p.vision.images import OpenedPhoto, open_photo
from lib_t2p.vision.tools import VisionTools
from lib_t2p.workspace import PersonFolder

__all__ = ["PhotoReport", "SeenFace", "inspect_photo", "inspect_photos"]


def inspect_photos(
    person: PersonFolder, tools: VisionTools, reporter: Reporter
) -> list[PhotoReport]:
    """Look at all photos of a person; what was seen of a file before is taken from the cache.

    One photo is looked at while the next is decoded, so that two are in memory.

    Raises:
        InputError: there is no photo.
        StopRequested: the person asked to stop.
    """
    files = photo_files(person)
    if not files:
        raise InputError(f"There are no photos in {person.photos}: import some first.")
    reporter.phase("faces")
    seen = SeenPhotos(person.workspace.cache / "seen", tools)
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

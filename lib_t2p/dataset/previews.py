"""Small pictures of all photos, which the tab shows; also of those that the WebUI cannot open."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from lib_t2p.errors import PhotoError
from lib_t2p.jobs.events import Reporter
from lib_t2p.vision.photo_files import open_photo, save_jpeg
from lib_t2p.workspace import PersonFolder

SIDE = 640
"""Longest side, pixels."""
THREADS = 2


def write_previews(person: PersonFolder, photos: Mapping[str, int], reporter: Reporter) -> None:
    """Draw those that are missing; previews of photos that are gone go too.

    Args:
        person: whose photos they are.
        photos: names, with the degrees clockwise by which each is turned.
        reporter: told of each.

    Raises:
        WorkspaceError: the disk is full.
        StopRequested: the person asked to stop.
    """
    wanted = {person.preview(photo) for photo in photos}
    if person.previews.is_dir():
        for old in person.previews.iterdir():
            if old not in wanted:
                old.unlink(missing_ok=True)
    missing = [photo for photo in photos if photos[photo] or not person.preview(photo).exists()]
    reporter.phase("previews")
    with ThreadPoolExecutor(THREADS, "preview") as pool:
        for done, _ in enumerate(
            pool.map(lambda photo: _write(person, photo, photos[photo]), missing)
        ):
            reporter.progress(done, len(missing), "photo")
            reporter.check_stop()


def _write(person: PersonFolder, photo: str, turn: int) -> None:
    try:
        opened = open_photo(person.photos / photo, SIDE, turn)
    except PhotoError:
        return  # The survey names the fault; the tab shows a box in place of the picture.
    save_jpeg(opened.picture, person.preview(photo), 85)

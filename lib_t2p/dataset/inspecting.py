"""Looking at every photo of a person, once: faces, identities, quality, hashes."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from lib_t2p import jobs
from lib_t2p.dataset.photo_report import PhotoReport, SeenFace
from lib_t2p.dataset.placing import file_digest
from lib_t2p.dataset.seen_photos import SeenPhotos
from lib_t2p.dataset.sources import photo_files
from lib_t2p.errors import InputError, PhotoError
from lib_t2p.jobs.events import Reporter
from lib_t2p.vision import (
    Box,
    Face,
    Picture,
    blockiness,
    enlargement,
    face_sharpness,
    moved,
    noise,
    picture_sharpness,
)
from lib_t2p.vision.faces import VisionTools, cut_share, face_light, head_pose, light_of, turn_of
from lib_t2p.vision.likeness import face_chip, face_patch, hash_picture
from lib_t2p.vision.photo_files import OpenedPhoto, open_photo
from lib_t2p.workspace import PersonFolder

INSPECT_SIDE = 2016
"""Photos are looked at with at most this longest side, pixels: half of a 12-megapixel photo's, to
which a JPEG is decoded three times as fast as in full."""
MOST_FACES = 6
"""Faces per photo that are identified, the largest ones."""
LEAST_SHARE = 0.35
"""Smaller faces, as a share of the largest one's width, are passers-by."""
DETAIL_SIDE = 1024
"""Side of the part around the face in which noise, blocks and enlargement are measured, pixels."""


def look_at(name: str, opened: OpenedPhoto, tools: VisionTools) -> PhotoReport:
    """Everything that is measured of a photo.

    Args:
        name: of the photo.
        opened: reduced to `INSPECT_SIDE`.
        tools: who finds and identifies faces.
    """
    picture: Picture = np.ascontiguousarray(opened.picture)
    found = tools.detector.detect(picture)
    turn = turn_of(picture, found, tools.detector)
    if turn.degrees:
        opened = opened.turned(turn.degrees)
        picture = opened.picture
        found = tools.detector.detect(picture)
    large = [f for f in found if f.box.width >= LEAST_SHARE * found[0].box.width][:MOST_FACES]
    part = _around(picture, large[0].box if large else None)
    return PhotoReport(
        photo=name,
        width=opened.width,
        height=opened.height,
        repaired=opened.repaired,
        taken=opened.taken,
        hashes=hash_picture(picture),
        faces=tuple(_seen(picture, opened.scale, face, tools) for face in large),
        jpeg=opened.quality,
        # Blocks are eight pixels wide in the file, not in a reduced picture.
        blocks=blockiness(part) if opened.scale == 1 else 0.0,
        noise=noise(part),
        enlarged=enlargement(part),
        light=light_of(picture),
        sharpness=picture_sharpness(picture),
        colours=_colours(picture, large[0].box if large else None),
        profile_failed=opened.profile_failed,
        turn=turn.degrees,
        may_lie=turn.may_lie,
    )


def _seen(picture: Picture, scale: float, face: Face, tools: VisionTools) -> SeenFace:
    height, width = picture.shape[:2]
    return SeenFace(
        face=moved(face, 1 / scale, 0, 0),
        embedding=tools.embedder.embed(picture, face),
        sharpness=face_sharpness(picture, face),
        chip=face_chip(picture, face),
        patch=face_patch(picture, face),
        light=face_light(picture, face),
        pose=head_pose(face),
        cut=cut_share(face, width, height),
    )


def _around(picture: Picture, box: Box | None) -> Picture:
    height, width = picture.shape[:2]
    x = (box.left + box.right) / 2 if box else width / 2
    y = (box.top + box.bottom) / 2 if box else height / 2
    left = int(np.clip(x - DETAIL_SIDE / 2, 0, max(0, width - DETAIL_SIDE)))
    top = int(np.clip(y - DETAIL_SIDE / 2, 0, max(0, height - DETAIL_SIDE)))
    return np.ascontiguousarray(picture[top : top + DETAIL_SIDE, left : left + DETAIL_SIDE])


def _colours(picture: Picture, box: Box | None) -> tuple[float, ...]:
    small = cv2.resize(picture, (32, 32), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.float32)
    parts = [lab[:10, :10], lab[:10, -10:], lab[10:20, :6], lab[10:20, -6:]]
    if box is not None:
        height, width = picture.shape[:2]
        top = min(int(32 * (box.bottom + 0.6 * box.height) / height), 31)
        left = int(np.clip(32 * box.left / width, 0, 31))
        right = int(np.clip(32 * box.right / width, left + 1, 32))
        parts.append(lab[top:, left:right])
    return tuple(round(float(v), 1) for part in parts for v in part.mean(axis=(0, 1)))


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
        _ask_helpers(files, seen, jobs.Crew([*_PROCESS, str(cache)], helpers, tools.mark), reporter)
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


def _ask_helpers(
    files: Sequence[Path], seen: SeenPhotos, crew: jobs.Crew, reporter: Reporter
) -> None:
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

"""Writing the pictures of a version: crops of each framing, masks, captions, kohya's folders."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from lib_t2p.dataset.captions.book import CaptionBook
from lib_t2p.dataset.captions.template import distance_words, fill, pose_words
from lib_t2p.dataset.crop_planning import PlannedCrop, rounded, sides_of
from lib_t2p.dataset.cropping import head_of
from lib_t2p.dataset.enlarging import Enlarger, with_lanczos
from lib_t2p.dataset.grading import notes_of
from lib_t2p.dataset.judging import PhotoCandidate, numbers_of
from lib_t2p.dataset.manifest import DrawnCrop, PhotoDecision, State
from lib_t2p.dataset.masking import mask_others
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.placing import file_digest
from lib_t2p.dataset.splitting import Split
from lib_t2p.errors import PhotoError
from lib_t2p.files import write_text
from lib_t2p.jobs.events import Reporter
from lib_t2p.vision.photo_files import OpenedPhoto, open_photo, save_png
from lib_t2p.workspace import DatasetFolder, Person, PersonFolder

OVERSAMPLING = 1.5
"""Photos are opened with so many pixels per pixel of the crop, where they have them."""
CAPTION_ENDING = ".txt"
"""As kohya's own tools write it."""


@dataclass(frozen=True)
class DrawnVersion:
    """What a version is drawn from.

    Attributes:
        person: whose photos they are.
        who: their trigger and class word.
        options: as chosen.
        captions: as edited; places in them are filled here.
        enlarge: makes pictures of too few pixels larger.
        threads: that draw at once.
    """

    person: PersonFolder
    who: Person
    options: DatasetOptions
    captions: CaptionBook
    enlarge: Enlarger = with_lanczos
    threads: int = 1


def draw_version(
    part: DatasetFolder, drawing: DrawnVersion, split: Split, reporter: Reporter
) -> list[PhotoDecision]:
    """Write all pictures and captions of a version; gives what became of each photo.

    Raises:
        PhotoError: a photo changed meanwhile.
        WorkspaceError: the disk is full.
        StopRequested: the person asked to stop.
    """
    reporter.phase("crops")
    work: list[tuple[State, int, PhotoCandidate]] = [
        *(("kept", number, c) for number, c in enumerate(split.kept, 1)),
        *(("held_out", number, c) for number, c in enumerate(split.held_out, 1)),
    ]
    decisions = []
    # Pillow gives Python's lock back while it decodes, scales and compresses.
    with ThreadPoolExecutor(drawing.threads, "crop") as pool:
        drawn = [
            pool.submit(_draw_photo, part, drawing, candidate, state, number)
            for state, number, candidate in work
        ]
        try:
            for done, one in enumerate(drawn):
                reporter.progress(done, len(work), "crop")
                reporter.check_stop()
                decision = one.result()
                numbers = {**decision.numbers, "group": split.groups.of[decision.photo]}
                decisions.append(replace(decision, numbers=numbers))
        finally:
            pool.shutdown(cancel_futures=True)
    reporter.progress(len(work), len(work), "crop")
    return decisions


def _draw_photo(
    part: DatasetFolder, drawing: DrawnVersion, candidate: PhotoCandidate, state: State, number: int
) -> PhotoDecision:
    planned = candidate.planned if state == "kept" else candidate.planned[:1]
    report = candidate.report
    path = drawing.person.photos / report.photo
    opened = open_for(path, (report.width, report.height), planned, report.turn)
    targets = (_target(part, drawing, crop, state, number) for crop in planned)
    crops = tuple(
        _draw_one(part, drawing, candidate, opened, crop, target)
        for crop, target in zip(planned, targets, strict=True)
    )
    crop = candidate.planned[0].crop if candidate.planned else candidate.crop
    padded = ("padded",) if crop.is_padded(report.width, report.height) else ()
    masked = ("masked",) if any(drawn.masked for drawn in crops) else ()
    numbers = numbers_of(report, candidate.seen, candidate.distance)
    numbers["share"] = round(candidate.seen.face.box.width / crop.side, 3)
    return PhotoDecision(
        photo=report.photo,
        state=state,
        repaired=(*report.repaired, *padded, *masked),
        numbers=numbers,
        notes=notes_of(report, candidate.seen),
        sha256=report.sha256,
        crop=crops[0].box,
        file=crops[0].file,
        crops=crops,
        turn=report.turn,
    )


def _target(
    part: DatasetFolder, drawing: DrawnVersion, planned: PlannedCrop, state: State, number: int
) -> Path:
    if state == "held_out":
        return part.heldout / f"{number:03d}.png"
    is_main = planned.framing == drawing.options.framing
    name = f"{number:03d}" if is_main else f"{number:03d}-{planned.framing}"
    return part.img / f"{planned.repeats}_{drawing.who.caption}" / f"{name}.png"


def open_for(
    path: Path, size: tuple[int, int], planned: Sequence[PlannedCrop], turn: int
) -> OpenedPhoto:
    """Open a photo with as many pixels as its crops need, turned clockwise by some degrees.

    Raises:
        PhotoError: it cannot be read, or has not the (width, height) it had.
    """
    wanted = OVERSAMPLING * max(crop.enlarging for crop in planned)
    opened = open_photo(path, max(1, int(max(size) * min(wanted, 1.0))), turn)
    if (opened.width, opened.height) != size:
        raise PhotoError(f"{path.name} changed while it was worked on: build again.")
    return opened


def _draw_one(
    part: DatasetFolder,
    drawing: DrawnVersion,
    candidate: PhotoCandidate,
    opened: OpenedPhoto,
    planned: PlannedCrop,
    target: Path,
) -> DrawnCrop:
    drawn = drawing.enlarge(opened, planned)
    report = candidate.report
    own = rounded(head_of(candidate.seen.face.box, report.width, report.height))
    save_png(mask_others(drawn.picture, planned, own, drawing.options.others), target)
    is_trained = target.parent != part.heldout
    caption = caption_of(drawing, candidate, planned) if is_trained else ""
    if caption:
        write_text(target.with_suffix(CAPTION_ENDING), caption + "\n")
    return DrawnCrop(
        framing=planned.framing,
        file=target.relative_to(part.root).as_posix(),
        box=sides_of(planned.crop.box),
        size=planned.size,
        repeats=planned.repeats if is_trained else 0,
        caption=caption,
        masks=tuple(sides_of(mask) for mask in planned.masked),
        head=sides_of(own) if planned.masked else None,
        by_hand=planned.by_hand,
        upscaler=drawn.upscaler,
        sha256=file_digest(target) if drawn.upscaler else "",
    )


def caption_of(drawing: DrawnVersion, candidate: PhotoCandidate, planned: PlannedCrop) -> str:
    """The caption of one picture with its places filled; empty when the folder name will do."""
    text = drawing.captions.of(candidate.report.photo)
    if not text:
        return ""
    pose = candidate.seen.pose
    share = candidate.seen.face.box.width / planned.crop.side
    values = {
        "token": drawing.who.trigger,
        "class": drawing.who.class_word,
        "pose": pose_words(pose.yaw, pose.pitch),
        "distance": distance_words(share),
    }
    return fill(text, values)

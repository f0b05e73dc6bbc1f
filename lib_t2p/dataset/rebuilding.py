"""A version drawn again from its manifest: the same files, whatever was decided since."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from lib_t2p.dataset.class_pictures import draw_class_picture, set_of
from lib_t2p.dataset.crop_planning import PlannedCrop
from lib_t2p.dataset.cropping import Crop
from lib_t2p.dataset.enlarging import with_lanczos
from lib_t2p.dataset.manifest import ClassCrop, DrawnCrop, Manifest, PhotoDecision, write_manifest
from lib_t2p.dataset.masking import mask_others
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.part_folder import finish_part, new_part
from lib_t2p.dataset.placing import file_digest
from lib_t2p.dataset.sheet import write_sheet
from lib_t2p.dataset.version_files import CAPTION_ENDING, open_for
from lib_t2p.errors import FaultsError, PhotoError
from lib_t2p.files import write_text
from lib_t2p.jobs.events import Reporter
from lib_t2p.vision import Box
from lib_t2p.vision.photo_files import save_png
from lib_t2p.workspace import DatasetFolder, PersonFolder, PhotoSet


def rebuild_dataset(person: PersonFolder, source: Manifest, reporter: Reporter) -> DatasetFolder:
    """Draw the next version exactly as a manifest records it; nobody looks at the photos.

    With the same versions of Pillow and OpenCV all files are the same to the byte. Crops that a
    WebUI's upscaler enlarged are copied from a version that still has them; where none has, they
    are drawn by Lanczos, which is told.

    Raises:
        FaultsError: photos that are gone or have changed, all at once.
        WorkspaceError: the disk is full or may not be written.
        StopRequested: the person asked to stop.
    """
    used = [decision for decision in source.decisions if decision.crops]
    classes = set_of(person, source.options.regularisation) if source.class_crops else None
    _check(person, used, classes, source.class_crops)
    enlarged = _enlarged_before(person, used, reporter)
    part = new_part(person)
    try:
        reporter.phase("crops")
        for done, decision in enumerate(used):
            reporter.progress(done, len(used), "crop")
            reporter.check_stop()
            _draw(part, person, decision, source.options, enlarged)
        for crop in source.class_crops if classes else ():
            reporter.check_stop()
            _draw_class(part, classes, crop)
        reporter.phase("sheet")
        write_sheet(part, person, source.decisions)
        write_manifest(part, source)
        return finish_part(person, part)
    except BaseException:
        shutil.rmtree(part.root, ignore_errors=True)
        raise


def _check(
    person: PersonFolder,
    used: Sequence[PhotoDecision],
    classes: PhotoSet | None,
    crops: Sequence[ClassCrop],
) -> None:
    wanted = [(person.photos / d.photo, d.sha256) for d in used]
    wanted += [(classes.photos / c.photo, c.sha256) for c in crops] if classes else []
    faults = [fault for path, digest in wanted if (fault := _fault(path, digest))]
    if faults:
        raise FaultsError("The version cannot be drawn again", faults)


def _fault(path: Path, digest: str) -> str:
    if not path.is_file():
        return f"{path.name} is gone: import it again"
    try:
        same = file_digest(path) == digest
    except PhotoError as error:
        return str(error)
    return "" if same else f"{path.name} has changed since: import the photo of then"


def _enlarged_before(
    person: PersonFolder, used: Sequence[PhotoDecision], reporter: Reporter
) -> dict[str, Path]:
    """Files of earlier versions that a WebUI enlarged, by their SHA-256."""
    wanted = [crop for decision in used for crop in decision.crops if crop.sha256]
    found = {
        crop.sha256: path
        for crop in wanted
        for folder in person.datasets()
        if (path := folder.root / crop.file).is_file() and file_digest(path) == crop.sha256
    }
    lost = sum(crop.sha256 not in found for crop in wanted)
    if lost:
        reporter.warning(
            f"Crops that the WebUI enlarged ({lost}) are in no version any more: Lanczos enlarges "
            "them this time. Build a new version to use the WebUI."
        )
    return found


def _draw(
    part: DatasetFolder,
    person: PersonFolder,
    decision: PhotoDecision,
    options: DatasetOptions,
    enlarged: Mapping[str, Path],
) -> None:
    planned = [_planned(crop) for crop in decision.crops]
    size = (int(decision.numbers["width"]), int(decision.numbers["height"]))
    opened = open_for(person.photos / decision.photo, size, planned, decision.turn)
    for crop, plan in zip(decision.crops, planned, strict=True):
        target = part.root / crop.file
        if crop.sha256 in enlarged:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(enlarged[crop.sha256], target)
        else:
            picture = with_lanczos(opened, plan).picture
            if crop.head is not None:
                picture = mask_others(picture, plan, Box(*crop.head), options.others)
            save_png(picture, target)
        if crop.caption:
            write_text(target.with_suffix(CAPTION_ENDING), crop.caption + "\n")


def _draw_class(part: DatasetFolder, folder: PhotoSet | None, crop: ClassCrop) -> None:
    if folder is not None:
        drawn = DrawnCrop("bust", crop.file, crop.box, crop.size, 1)
        draw_class_picture(folder, crop.photo, _planned(drawn), part.root / crop.file, crop.turn)


def _planned(drawn: DrawnCrop) -> PlannedCrop:
    """What was planned when the picture was first drawn."""
    left, top, right, _ = drawn.box
    crop = Crop(left, top, round(right - left, 2), drawn.size[0] / drawn.size[1])
    masks = tuple(Box(*mask) for mask in drawn.masks)
    return PlannedCrop(drawn.framing, crop, drawn.size, drawn.repeats, masks, drawn.by_hand)

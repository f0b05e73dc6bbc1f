"""Captions by a tagger or a captioner for all photos of a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from lib_t2p.dataset.captions.book import read_captions, write_captions
from lib_t2p.dataset.captions.traits import neutral_sentence, without_traits
from lib_t2p.dataset.crop_planning import PlannedCrop
from lib_t2p.dataset.cropping import draw_crop
from lib_t2p.errors import InputError, PhotoError
from lib_t2p.jobs.events import Reporter
from lib_t2p.vision import Picture
from lib_t2p.vision.photo_files import open_photo
from lib_t2p.workspace import PersonFolder

SUBJECT = "{token} {class}"
LOOK_SIDE = 512
"""Pictures are described at this side, pixels."""


class DescribedCrop(NamedTuple):
    """What of a photo is looked at; `turn` as of `PhotoReport`."""

    photo: str
    planned: PlannedCrop
    turn: int = 0


Describer = Callable[[Picture], str]
"""Gives the caption of an RGB picture (uint8, height x width x 3), with the places of `fill`."""


def describer_of(how: str, folder: Path, threshold: float) -> Describer:
    """Load what was asked for.

    Raises:
        InputError: it is unknown, or its folder holds no such model.
        SetupError: a package is missing.
    """
    if how == "tagger":
        from lib_t2p.dataset.captions.wd14 import Wd14Tagger

        tagger = Wd14Tagger(folder, threshold)
        return lambda picture: tag_caption(tagger.words(picture))
    if how == "blip":
        from lib_t2p.diffusion import BlipCaptioner

        captioner = BlipCaptioner(folder)
        return lambda picture: neutral_sentence(captioner.sentence(picture), SUBJECT)
    raise InputError(f"{how!r} describes no pictures: choose tagger or blip.")


def tag_caption(tags: Sequence[str]) -> str:
    """A caption of tags without the traits of the person's identity."""
    return ", ".join([SUBJECT, *without_traits(tags)])


def describe_photos(
    person: PersonFolder,
    crops: Sequence[DescribedCrop],
    describe: Describer,
    reporter: Reporter,
) -> int:
    """Write a caption for each photo as it would be cropped; one step to undo.

    Args:
        person: whose photos they are.
        crops: the main crop of each photo.
        describe: looks at them.
        reporter: told of each photo.

    Returns:
        How many captions were written; a photo that cannot be read is told and keeps its own.
    """
    reporter.phase("captions")
    found: dict[str, str] = {}
    for done, crop in enumerate(crops):
        reporter.progress(done, len(crops), "photo")
        reporter.check_stop()
        try:
            found[crop.photo] = describe(_picture(person, crop))
        except PhotoError as error:
            reporter.warning(str(error))
    write_captions(person, read_captions(person).changed(found, "describe pictures"))
    reporter.progress(len(crops), len(crops), "photo")
    return len(found)


def _picture(person: PersonFolder, crop: DescribedCrop) -> Picture:
    opened = open_photo(person.photos / crop.photo, turn=crop.turn)
    planned = crop.planned
    width, height = planned.size
    scale = LOOK_SIDE / max(width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return draw_crop(opened.picture, opened.scale, planned.crop, size)

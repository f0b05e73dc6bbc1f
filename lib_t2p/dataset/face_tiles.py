"""Small pictures of faces, so that a person can be chosen."""

from __future__ import annotations

import shutil

import numpy as np
from PIL import Image

from lib_t2p.dataset.cropping import Crop, draw_crop
from lib_t2p.dataset.photo_choices import FaceId
from lib_t2p.dataset.survey import MOST_BORDER, Survey, SurveyedPhoto
from lib_t2p.errors import PhotoError
from lib_t2p.jobs.events import Reporter
from lib_t2p.vision.photo_files import open_photo, save_jpeg
from lib_t2p.workspace import PersonFolder

SIDE = 160
"""Pixels."""
ROOM = 1.7
"""Side of a tile in sides of the face box."""


def write_face_tiles(person: PersonFolder, survey: Survey, reporter: Reporter) -> None:
    """Draw the people and the faces of doubt; what an earlier survey drew goes."""
    shutil.rmtree(person.faces, ignore_errors=True)
    photos = {photo.photo: photo for photo in survey.photos}
    wanted = [tile.anchor for tile in survey.people]
    if survey.chosen is not None:
        wanted += [face for face, _ in survey.people[survey.chosen].border[:MOST_BORDER]]
    for name, number in dict.fromkeys(wanted):
        reporter.check_stop()
        try:
            _draw(person, photos[name], number)
        except PhotoError as error:
            reporter.warning(str(error))


def _draw(person: PersonFolder, photo: SurveyedPhoto, number: int) -> None:
    box = photo.box(number)
    side = ROOM * max(box.width, box.height)
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    longest = max(1, int(max(photo.width, photo.height) * min(1.0, 2 * SIDE / side)))
    opened = open_photo(person.photos / photo.photo, longest, photo.turn)
    crop = Crop(x - side / 2, y - side / 2, side)
    drawn = draw_crop(opened.picture, opened.scale, crop, (SIDE, SIDE))
    face: FaceId = (photo.photo, number)
    save_jpeg(np.asarray(Image.fromarray(drawn)), person.face_tile(face), 88)

"""How a face is written: `photo.jpg#0`, name of the photo and number of the face in it."""

from __future__ import annotations

from lib_t2p.dataset.photo_choices import FaceId
from lib_t2p.errors import InputError
from lib_t2p.ranges import whole_number


def face_text(face: FaceId) -> str:
    """As shells and pages write it."""
    return f"{face[0]}#{face[1]}"


def face_from(text: str) -> FaceId:
    """Read it; raises `InputError`."""
    photo, mark, typed = text.rpartition("#")
    number = whole_number(typed)
    if not mark or number is None:
        raise InputError(f"{text!r} is no face: write PHOTO#NUMBER as `dataset people` shows it.")
    return photo, number

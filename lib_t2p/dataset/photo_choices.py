"""What a person has decided about their photos; kept beside them, read by every build."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from lib_t2p.errors import InputError, WorkspaceError
from lib_t2p.files import ODD_PARTS, read_record, write_record
from lib_t2p.ranges import whole_number
from lib_t2p.workspace import PersonFolder


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


SCHEMA = 1
LEAST_SIDE = 32
"""Sides of a crop that a person may choose, pixels of the photo."""

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the upright photo."""

FaceId = tuple[str, int]
"""Name of a photo and number of a face in its report, from 0, largest first."""


@dataclass(frozen=True)
class PhotoChoices:
    """Decisions that outlast a build.

    Attributes:
        anchor: a face of whom the dataset is about; None lets the one in most photos win.
        same: faces said to be the person's, though they look otherwise.
        others: faces said to be somebody else's.
        left_out: photos never to be used.
        put_back: photos to be used whatever their quality.
        crops: photo name to what of it to use, in place of the crop that would be planned; of the
            main framing only.
        crop_turns: photo name to `PhotoReport.turn` when its crop was chosen; 0 when missing.
    """

    anchor: FaceId | None = None
    same: frozenset[FaceId] = frozenset()
    others: frozenset[FaceId] = frozenset()
    left_out: frozenset[str] = frozenset()
    put_back: frozenset[str] = frozenset()
    crops: Mapping[str, Rectangle] = field(default_factory=dict)
    crop_turns: Mapping[str, int] = field(default_factory=dict)

    def leave_out(self, photos: Iterable[str]) -> PhotoChoices:
        """These photos are not used any more."""
        named = frozenset(photos)
        return replace(self, left_out=self.left_out | named, put_back=self.put_back - named)

    def put_in(self, photos: Iterable[str]) -> PhotoChoices:
        """These photos are used again, whatever their quality."""
        named = frozenset(photos)
        return replace(self, left_out=self.left_out - named, put_back=self.put_back | named)

    def forget(self, photos: Iterable[str]) -> PhotoChoices:
        """These photos are judged by their quality again."""
        named = frozenset(photos)
        return replace(self, left_out=self.left_out - named, put_back=self.put_back - named)

    def crop(self, photo: str, box: Rectangle | None, turn: int = 0) -> PhotoChoices:
        """This part of the photo is used; None leaves it to the plan again.

        Args:
            photo: its name.
            box: in pixels of the photo as it is turned.
            turn: degrees clockwise by which it is turned, see `PhotoReport.turn`.

        Raises:
            InputError: the box has no area, or a side below `LEAST_SIDE`.
        """
        kept = {name: known for name, known in self.crops.items() if name != photo}
        turns = {name: known for name, known in self.crop_turns.items() if name != photo}
        if box is None:
            return replace(self, crops=kept, crop_turns=turns)
        if not min(box[2] - box[0], box[3] - box[1]) >= LEAST_SIDE:
            raise InputError(
                f"The crop of {photo} is smaller than {LEAST_SIDE} px: draw a larger one."
            )
        if turn:
            turns[photo] = turn
        return replace(self, crops={**kept, photo: box}, crop_turns=turns)

    def answer(self, face: FaceId, *, is_person: bool) -> PhotoChoices:
        """A yes or no to a face near the border."""
        same, others = self.same - {face}, self.others - {face}
        if is_person:
            return replace(self, same=same | {face}, others=others)
        return replace(self, same=same, others=others | {face})


def read_choices(person: PersonFolder) -> PhotoChoices:
    """Read them; none before the first.

    Raises:
        WorkspaceError: damaged, or written by a newer version.
    """
    if not person.photo_choices.exists():
        return PhotoChoices()
    record = read_record(person.photo_choices, SCHEMA)
    try:
        anchor = record["anchor"]
        return PhotoChoices(
            anchor=None if anchor is None else (str(anchor[0]), int(anchor[1])),
            same=frozenset((str(p), int(n)) for p, n in record["same"]),
            others=frozenset((str(p), int(n)) for p, n in record["others"]),
            left_out=frozenset(str(p) for p in record["left_out"]),
            put_back=frozenset(str(p) for p in record["put_back"]),
            crops={str(p): _rectangle(box) for p, box in record.get("crops", {}).items()},
            crop_turns={str(p): int(turn) for p, turn in record.get("crop_turns", {}).items()},
        )
    except ODD_PARTS as error:
        raise WorkspaceError(
            f"{person.photo_choices} is damaged ({error!r}): delete it and choose again."
        ) from error


def write_choices(person: PersonFolder, choices: PhotoChoices) -> None:
    """Write them whole.

    Raises:
        InputError: a photo is named that the person does not have.
    """
    faces = {*choices.same, *choices.others, *([choices.anchor] if choices.anchor else [])}
    named = {*choices.left_out, *choices.put_back, *choices.crops, *(photo for photo, _ in faces)}
    missing = sorted(name for name in named if not (person.photos / name).is_file())
    if missing:
        raise InputError(
            f"{person.slug} has no photo named {', '.join(missing)}: the gallery and "
            "`dataset inspect` list them."
        )
    record = {
        "anchor": choices.anchor,
        "same": sorted(choices.same),
        "others": sorted(choices.others),
        "left_out": sorted(choices.left_out),
        "put_back": sorted(choices.put_back),
        "crops": dict(sorted(choices.crops.items())),
        "crop_turns": dict(sorted(choices.crop_turns.items())),
    }
    write_record(person.photo_choices, SCHEMA, record)


def _rectangle(box: Iterable[float]) -> Rectangle:
    left, top, right, bottom = (float(side) for side in box)
    return left, top, right, bottom

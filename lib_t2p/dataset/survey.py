"""What was seen in all photos of a person, light enough for the tab to judge by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from lib_t2p.dataset.looks import Look
from lib_t2p.dataset.photo_choices import FaceId, Rectangle
from lib_t2p.dataset.reasons import Code
from lib_t2p.dataset.thresholds import FaceNumbers
from lib_t2p.errors import WorkspaceError
from lib_t2p.files import ODD_PARTS, read_record, write_record
from lib_t2p.vision import Box
from lib_t2p.workspace import PersonFolder

SCHEMA = 1
MOST_BORDER = 12
"""Faces of doubt that are shown of a person."""


@dataclass(frozen=True)
class SurveyedPhoto:
    """One photo.

    Attributes:
        photo: its name in the person's folder.
        fault: why it cannot be read; the rest is empty then.
        width, height: of the upright photo, pixels.
        faces: boxes, largest first, pixels of the upright photo.
        face: which of them is the person's; None without a face.
        others: which are other people's.
        numbers: what the thresholds compare; None without a face.
        shown: further numbers of the manifest, see `PhotoDecision.numbers`.
        notes: see `reasons.NOTES`.
        repaired: see `PhotoDecision`.
        twins: photos that are the same picture.
        detail: of twins the one with the most is kept.
        taken: EXIF time, or empty.
        faceless: code and sentence of a photo without a face that counts, or None.
        look: what counts when photos are chosen; None without a face, and in older files.
        turn: see `PhotoReport`.
        groups: numbers of the groups it is held together with, see `splitting.Groupings`.
    """

    photo: str
    fault: str = ""
    width: int = 0
    height: int = 0
    faces: tuple[Rectangle, ...] = ()
    face: int | None = None
    others: tuple[int, ...] = ()
    numbers: FaceNumbers | None = None
    shown: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    repaired: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()
    detail: float = 0.0
    taken: str = ""
    faceless: tuple[Code, str] | None = None
    look: Look | None = None
    groups: tuple[int, int] = (0, 0)
    turn: int = 0

    def box(self, number: int) -> Box:
        """A face's box."""
        return Box(*self.faces[number])


@dataclass(frozen=True)
class SurveyedPerson:
    """Somebody in the photos: a tile.

    Attributes:
        anchor: their most typical face; choosing them means naming it.
        photos: how many photos show them.
        border: faces of doubt with their distance.
    """

    anchor: FaceId
    photos: int
    border: tuple[tuple[FaceId, float], ...] = ()


@dataclass(frozen=True)
class Survey:
    """All photos of a person.

    Attributes:
        photos: by name.
        people: who is in most photos first.
        chosen: number of the person in `people`; None when nobody dominates or was chosen.
        doubt: why nobody is chosen, a sentence; empty otherwise.
    """

    photos: tuple[SurveyedPhoto, ...] = ()
    people: tuple[SurveyedPerson, ...] = ()
    chosen: int | None = None
    doubt: str = ""


def write_survey(person: PersonFolder, survey: Survey) -> None:
    """Write it whole."""
    write_record(person.survey, SCHEMA, asdict(survey))


def read_survey(person: PersonFolder) -> Survey | None:
    """Read it; None before the first.

    Raises:
        WorkspaceError: damaged, or written by a newer version.
    """
    if not person.survey.exists():
        return None
    record = read_record(person.survey, SCHEMA)
    try:
        return Survey(
            photos=tuple(_photo(entry) for entry in record["photos"]),
            people=tuple(_person(entry) for entry in record["people"]),
            chosen=record["chosen"],
            doubt=str(record["doubt"]),
        )
    except ODD_PARTS as error:
        raise WorkspaceError(
            f"{person.survey} is damaged ({error!r}): look at the photos again."
        ) from error


def _photo(entry: Mapping[str, Any]) -> SurveyedPhoto:
    numbers, faceless, look = entry["numbers"], entry.get("faceless"), entry.get("look")
    strict, loose = entry.get("groups", (0, 0))
    faces = tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in entry["faces"])
    lists = {name: tuple(entry[name]) for name in ("others", "notes", "repaired", "twins")}
    return SurveyedPhoto(
        **{
            **entry,
            **lists,
            "faces": faces,
            "faceless": None if faceless is None else (cast(Code, faceless[0]), str(faceless[1])),
            "numbers": None if numbers is None else FaceNumbers(**numbers),
            "look": None if look is None else Look.from_mapping(look),
            "groups": (int(strict), int(loose)),
        }
    )


def _person(entry: Mapping[str, Any]) -> SurveyedPerson:
    border = tuple(((str(f[0]), int(f[1])), float(apart)) for f, apart in entry["border"])
    anchor = entry["anchor"]
    return SurveyedPerson((str(anchor[0]), int(anchor[1])), int(entry["photos"]), border)

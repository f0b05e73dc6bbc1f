"""Photos as somebody looked at them, without anybody looking."""

from __future__ import annotations

from collections.abc import Sequence

from lib_t2p.dataset.survey import Survey, SurveyedPerson, SurveyedPhoto, write_survey
from lib_t2p.dataset.thresholds import FaceNumbers
from lib_t2p.workspace.person import PersonFolder


def survey_plainly(person: PersonFolder, names: Sequence[str]) -> None:
    """Say of photos of 640 x 640 px that each shows the person's good face in its middle."""
    seen = tuple(_seen(name) for name in names)
    write_survey(person, Survey(seen, (SurveyedPerson((names[0], 0), len(names)),), 0))


def _seen(name: str) -> SurveyedPhoto:
    numbers = FaceNumbers(200.0, 120.0, 0.0, 90.0, 30.0, 0.0, 0.3, True)
    shown = {"quality": 80.0, "face": 200.0, "sharpness": 30.0, "light": 120.0}
    box = (220.0, 200.0, 420.0, 400.0)
    return SurveyedPhoto(
        name, width=640, height=640, faces=(box,), face=0, numbers=numbers, shown=shown
    )

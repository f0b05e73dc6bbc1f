"""Crops that a person chose, carried along when their photo is turned otherwise than before."""

from __future__ import annotations

from collections.abc import Sequence

from lib_t2p.dataset.photo_choices import PhotoChoices, Rectangle, read_choices, write_choices
from lib_t2p.dataset.photo_report import PhotoReport
from lib_t2p.jobs.events import Reporter
from lib_t2p.workspace import PersonFolder


def settled_choices(
    person: PersonFolder, reports: Sequence[PhotoReport], reporter: Reporter
) -> PhotoChoices:
    """The person's choices, their crops in pixels of the photos as they are turned now.

    What was carried along is written and told.

    Raises:
        WorkspaceError: the choices are damaged or cannot be written.
    """
    choices = read_choices(person)
    moved = [
        report
        for report in reports
        if report.photo in choices.crops
        and not report.fault
        and choices.crop_turns.get(report.photo, 0) != report.turn
    ]
    for report in moved:
        steps = (report.turn - choices.crop_turns.get(report.photo, 0)) % 360 // 90
        box = turned_box(choices.crops[report.photo], report.width, report.height, steps)
        choices = choices.crop(report.photo, box, report.turn)
    if moved:
        write_choices(person, choices)
        names = ", ".join(report.photo for report in moved)
        reporter.warning(f"The crop that you chose was turned together with its photo: {names}.")
    return choices


def turned_box(box: Rectangle, width: int, height: int, steps: int) -> Rectangle:
    """A rectangle after its photo was turned clockwise.

    Args:
        box: left, top, right, bottom in pixels of the photo before.
        width, height: of the photo afterwards, pixels.
        steps: quarters of a turn, 0 to 3.
    """
    # Of the photo before, which is what is turned.
    high = height if steps % 2 == 0 else width
    wide = width if steps % 2 == 0 else height
    left, top, right, bottom = box
    for _ in range(steps):
        left, top, right, bottom = high - bottom, left, high - top, right
        wide, high = high, wide
    return left, top, right, bottom

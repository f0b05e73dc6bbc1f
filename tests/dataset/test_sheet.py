"""Contact sheets of any number of photos."""

from __future__ import annotations

from PIL import Image

from lib_t2p.dataset.manifest import DrawnCrop, PhotoDecision
from lib_t2p.dataset.sheet import COLUMNS, GAP, LEFT_OUT_SHOWN, MARGIN, MOST_HEIGHT, THUMB
from lib_t2p.dataset.sheet import write_sheet as write
from lib_t2p.workspace.person import DatasetFolder, PersonFolder

NARROW = 2 * MARGIN + COLUMNS * (THUMB + GAP) - GAP


def left_out(count: int) -> list[PhotoDecision]:
    return [PhotoDecision(f"{n}.png", "left_out", "blurred", "soft") for n in range(count)]


def kept(count: int) -> list[PhotoDecision]:
    made = []
    for number in range(count):
        crop = DrawnCrop("whole", f"img/1_a/{number}.png", (0.0, 0.0, 64.0, 64.0), (64, 64), 1)
        made.append(PhotoDecision(f"{number}.png", "kept", crops=(crop,)))
    return made


def size_of(person: PersonFolder, decisions: list[PhotoDecision]) -> tuple[int, int]:
    folder: DatasetFolder = person.dataset(1)
    folder.root.mkdir(parents=True, exist_ok=True)
    write(folder, person, decisions)
    with Image.open(folder.sheet) as sheet:
        return sheet.width, sheet.height


def test_thousands_left_out_are_counted_and_the_first_of_them_shown(person: PersonFolder) -> None:
    all_shown = size_of(person, [*kept(20), *left_out(LEFT_OUT_SHOWN)])
    assert size_of(person, [*kept(20), *left_out(2000)]) == all_shown
    assert all_shown[0] == NARROW


def test_a_sheet_of_many_pictures_gets_broader_instead_of_higher(person: PersonFolder) -> None:
    width, height = size_of(person, kept(900))
    assert width > NARROW
    assert 0.9 * MOST_HEIGHT < height <= MOST_HEIGHT

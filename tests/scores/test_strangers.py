from __future__ import annotations

import json

import numpy as np
from generation_fakes import FakePainter, FakeTools, face_picture

from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.scores.real_photos import stranger_notes
from lib_t2p.scores.scoring import score_grid
from lib_t2p.scores.verdict.scores import read_scores
from lib_t2p.workspace.person import GridFolder, PersonFolder


def rows(*places: float) -> np.ndarray:
    return np.array([[place, 0.0] for place in places], np.float32)


NAMES = ["held-out photo 1", "held-out photo 2", "training photo 1", "training photo 4"]


def test_photos_of_one_person_give_no_note() -> None:
    assert stranger_notes(NAMES, rows(0.1, 0.2, 0.15, 0.3), 0.6) == ()


def test_a_photo_of_another_person_is_named_by_its_number() -> None:
    (note,) = stranger_notes(NAMES, rows(0.1, 0.9, 0.15, 0.2), 0.6)
    assert note.startswith("Held-out photo 2 may show another person")
    assert "0.6" in note


def test_many_are_counted() -> None:
    names = [f"training photo {n}" for n in range(1, 21)]
    far = [0.0 if n > 7 else 3.0 + n for n in range(20)]
    (note,) = stranger_notes(names, rows(*far), 0.6)
    assert "training photo 5 and 3 more may show another person" in note


def test_photos_that_do_not_agree_are_not_blamed_one_by_one() -> None:
    (note,) = stranger_notes(NAMES, rows(0.0, 1.0, 2.0, 3.0), 0.6)
    assert "4 of 4 photos" in note


def test_two_photos_cannot_tell() -> None:
    assert stranger_notes(NAMES[:2], rows(0.0, 5.0), 0.6) == ()


def test_the_note_is_kept_with_the_scores_and_told(grid: GridFolder, person: PersonFolder) -> None:
    face_picture(0.95).save(person.dataset(1).heldout / "secret name.png")
    paint_cells(grid, FakePainter(), SilentReporter())
    reporter = SilentReporter()
    scores = score_grid(grid, person, FakeTools(), reporter)
    (note,) = scores.notes
    assert note.startswith("Held-out photo 3 may")
    assert "secret" not in note
    assert reporter.warnings == [note]
    assert read_scores(grid) == scores


def test_scores_from_before_these_numbers_are_read(grid: GridFolder, person: PersonFolder) -> None:
    paint_cells(grid, FakePainter(), SilentReporter())
    scores = score_grid(grid, person, FakeTools(), SilentReporter())
    assert all(cell.burnt is not None for cell in scores.cells)
    assert len(scores.real.burnt) == 6
    record = json.loads(grid.scores.read_text(encoding="utf-8"))
    for key in ("obedience_by", "notes"):
        del record[key]
    del record["real"]["burnt"]
    for cell in record["cells"]:
        del cell["burnt"], cell["obedience"]
    grid.scores.write_text(json.dumps(record), encoding="utf-8")
    old = read_scores(grid)
    assert {(c.burnt, c.obedience) for c in old.cells} == {(None, None)}
    assert (old.real.burnt, old.obedience_by, old.notes) == ((), "", ())

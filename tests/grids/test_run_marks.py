"""Models that were saved in a collapse are marked wherever a grid shows them."""

from __future__ import annotations

import json

import pytest
from generation_fakes import FakePainter, FakeTools

from lib_t2p.files import write_text
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.grids.plan_files import read_plan
from lib_t2p.grids.run_marks import mark_notes, marked_stems, shown_plan
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.reports.cells.cells_page import write_cells_page
from lib_t2p.reports.grid import write_report
from lib_t2p.reports.picture.picture_layout import axis_label
from lib_t2p.scores.confirming import final_verdict
from lib_t2p.scores.scoring import score_grid
from lib_t2p.workspace.person import GridFolder, PersonFolder

E05, E06 = "t2p_nasa_first_e05", "t2p_nasa_first_e06"
WHY = "From step 55 to 66 the loss lay at 0.2."


def mark(person: PersonFolder, *epochs: int) -> None:
    one = {"code": "collapse", "epochs": list(epochs), "message": WHY}
    write_text(person.run("first").marks, json.dumps({"schema": 1, "stretches": [one]}))


def scored(grid: GridFolder) -> None:
    paint_cells(grid, FakePainter({"": 0.8, E05: 0.5, E06: 0.12}), SilentReporter())
    score_grid(grid, PersonFolder(grid.root.parent.parent), FakeTools(), SilentReporter())


def test_columns_table_and_verdict_say_which_model_was_saved_in_a_collapse(
    grid: GridFolder, person: PersonFolder
) -> None:
    mark(person, 4, 5)
    plan = read_plan(grid)
    assert list(marked_stems(plan, grid)) == [E05]
    shown = shown_plan(plan, grid)
    (axis,) = (axis for axis in plan.axes if axis.kind == "saved_model")
    labels = [axis_label(shown, axis, stem) for stem in (E05, E06)]
    assert [label.endswith(" (collapse)") for label in labels] == [True, False]
    scored(grid)
    verdict = final_verdict(grid, person)
    title = plan.title_of(E05)
    assert f"{title} (collapse)" in verdict.sentence
    assert f"{title}: saved in a collapse of the training. {WHY}" in verdict.notes
    html = write_report(grid, person).read_text(encoding="utf-8")
    assert html.count(f"{title} (collapse)") >= 2
    assert WHY in html
    page = write_cells_page(grid, person).read_text(encoding="utf-8")
    assert f"{title} (collapse)" in page
    assert read_plan(grid) == plan


@pytest.mark.parametrize("text", ["", "{", '{"schema": 1}', '{"schema": 1, "stretches": [{}]}'])
def test_marks_that_are_missing_or_odd_change_nothing(
    grid: GridFolder, person: PersonFolder, text: str
) -> None:
    if text:
        write_text(person.run("first").marks, text)
    plan = read_plan(grid)
    assert shown_plan(plan, grid) == plan
    assert mark_notes(plan, grid) == ()

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest
from generation_fakes import FakePainter, FakeTools, make_plan

from lib_t2p.grids.axes.axes import Axis
from lib_t2p.grids.cells.cells import expand, read_cells
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.reports.cells.cells_page import side_for, write_cells_page
from lib_t2p.reports.picture.cell_choice import FILTERS, CellChoice, chosen_cells
from lib_t2p.reports.picture.cell_table import PLAIN, pages_of
from lib_t2p.reports.picture.heat import UNKNOWN_BAND, WORDS, Heat
from lib_t2p.scores.scoring import score_grid
from lib_t2p.scores.verdict.scores import RealPhotos, Scores
from lib_t2p.workspace.person import GridFolder, PersonFolder


def scored(grid: GridFolder, person: PersonFolder) -> Scores:
    painter = FakePainter({"t2p_nasa_first_e06": 0.5}, faceless_seeds=(3,))
    paint_cells(grid, painter, SilentReporter())
    return score_grid(grid, person, cast(Any, FakeTools()), SilentReporter())


def test_every_cell_stands_once_in_the_pages(person: PersonFolder) -> None:
    plan = make_plan(person)
    cells = expand(plan, person)
    pages = pages_of(plan, cells)
    assert len(pages) == 2 * 4
    assert [row.cells[0] is not None for row in pages[0].rows] == [True, False]
    assert {c.id for page in pages for c in page.cells} == {c.id for c in cells}
    assert pages[0].heads[0] == PLAIN and "prompt 1" in pages[0].title


def test_columns_painted_in_their_own_way_have_pictures_without_lora_each(
    person: PersonFolder,
) -> None:
    model = make_plan(person).models[:1]
    plan = replace(
        make_plan(person), models=model, x=Axis("cfg", (3.0, 7.0)), y=Axis("lora_weight", (0.5, 1))
    )
    page = pages_of(plan, expand(plan, person))[0]
    assert [row.label for row in page.rows] == [PLAIN, "weight 0.5", "weight 1"]
    plain = [cell.request.cfg_scale for cell in page.rows[0].cells if cell]
    assert plain == [3.0, 7.0]
    assert not any(cell.model for cell in page.rows[0].cells if cell)


def test_a_table_that_is_too_long_goes_on_on_the_next_page(person: PersonFolder) -> None:
    plan = make_plan(person)
    cells = expand(plan, person)
    pages = pages_of(plan, cells, most=3)
    assert len(pages) == 2 * 8 and all(len(page.rows) == 1 for page in pages)


def test_pictures_are_sorted_and_filtered_by_their_scores(
    grid: GridFolder, person: PersonFolder
) -> None:
    scores, cells = scored(grid, person), read_cells(grid)
    by_id = {score.id: score for score in scores.cells}
    nearest = chosen_cells(cells, scores, CellChoice("Nearest first"))
    found = [by_id[c.id].distance for c in nearest]
    known = [distance for distance in found if distance is not None]
    assert known == sorted(known) and len(nearest) == len(cells)
    assert by_id[nearest[-1].id].distance is None
    faceless = chosen_cells(cells, scores, CellChoice(only=FILTERS[3]))
    assert {c.seed for c in faceless} == {3} and len(faceless) == 10
    few = chosen_cells(cells, scores, CellChoice(words="E06, seed 2"))
    assert {(c.model[-3:], c.seed) for c in few} == {("e06", 2)}


@pytest.mark.parametrize(("real", "first"), [((0.3,) * 8, WORDS[0]), ((), UNKNOWN_BAND)])
def test_colours_go_from_green_to_red_and_say_so_in_words(
    real: tuple[float, ...], first: str
) -> None:
    photos = RealPhotos(2, 6, 0, real, real, False)
    heat = Heat(Scores("p", "d", "e", 0.6, "", photos, ()))
    hues = [heat.hue(d) for d in (0.1, heat.near, 0.5, 0.6, 0.7, 2.0)]
    assert hues[0] == hues[1] == 140 and hues[-1] == 0
    assert [h or 0 for h in hues] == sorted((h or 0 for h in hues), reverse=True)
    assert heat.hue(None) is None
    assert heat.words[0] == first


def test_the_page_of_all_pictures_needs_nothing_else(
    grid: GridFolder, person: PersonFolder
) -> None:
    scored(grid, person)
    page = write_cells_page(grid, person).read_text(encoding="utf-8")
    assert page.count("data:image/webp") == len(read_cells(grid))
    assert 'src="http' not in page and "no face" in page
    assert side_for(10) > side_for(20_000) >= 64

"""Blind votes in the page: by buttons and by keys, the same after a reload."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from ui_fakes import Page, collins, finished_dataset, open_tab

from lib_t2p.actions.grids.votes import booth, cast
from lib_t2p.cli.__main__ import main
from lib_t2p.grids.axes.axes import Axis, GridModel
from lib_t2p.grids.cells.cell_files import cell_path
from lib_t2p.grids.cells.cells import expand, read_cells, write_cells
from lib_t2p.grids.plan_files import GridPlan, write_plan
from lib_t2p.scores.confirming import final_verdict
from lib_t2p.scores.verdict.scores import CellScore, RealPhotos, Scores, write_scores
from lib_t2p.scores.votes.ballots import read_ballots
from lib_t2p.scores.votes.vote_words import votes_beside
from lib_t2p.workspace.person import GridFolder, Workspace

STEMS = ("secret_early", "secret_late")


@pytest.fixture
def grid(workspace: Workspace) -> GridFolder:
    """Two saved models, three seeds, all painted."""
    person = collins(workspace)
    finished_dataset(person)
    models = tuple(GridModel(Path(f"{stem}.safetensors"), stem) for stem in STEMS)
    axes = (Axis("saved_model", STEMS), Axis("lora_weight", (1.0,)))
    plan = GridPlan(person.slug, 1, "base", models, *axes, ("photo of {trigger}",), (1, 2, 3))
    grid = person.grid("first grid")
    write_plan(grid, plan)
    cells = expand(plan, person)
    write_cells(grid, cells)
    grid.cells.mkdir()
    for number, cell in enumerate(cells):
        picture = Image.linear_gradient("L").convert("RGB").rotate(40 * number)
        picture.save(cell_path(grid, cell))
    return grid


def test_a_pair_is_shown_without_telling_whose_it_is(page: Page, grid: GridFolder) -> None:
    shown = page.press("t2p_vote_tick", "click", person="Eileen Collins")
    panel = shown["t2p_vote_panel"]["value"]
    assert panel.count("data:image/webp") == 2
    assert "0 answered, 3 left" in panel
    assert not any(stem in panel for stem in STEMS) and "m01" not in panel


def test_a_vote_that_is_not_asked_is_a_message(page: Page, grid: GridFolder) -> None:
    act = {"person": "Eileen Collins", "vote_act_value": f"left 0123 {grid.id}"}
    said = page.press("t2p_vote_act", "click", **act)["t2p_vote_message"]
    assert "not asked any more" in said
    gone = {**act, "vote_act_value": "left 0123 ../../x"}
    assert "no such grid" in page.press("t2p_vote_act", "click", **gone)["t2p_vote_message"]


def test_votes_stand_beside_the_numbers_in_the_verdict_card(
    page: Page, workspace: Workspace, grid: GridFolder
) -> None:
    person = workspace.person("Eileen Collins")
    near = {"": 0.8, STEMS[0]: 0.5, STEMS[1]: 0.3}
    cells = tuple(
        CellScore(c.id, c.model, c.weight, c.prompt, c.seed, 1, (d,), d, None, 90.0, "picture")
        for c in read_cells(grid)
        for d in [near[c.model] + c.seed / 100]
    )
    real = RealPhotos(2, 0, 0, (0.2, 0.25), (), True)
    write_scores(grid, Scores("painter", "faces", "dlib", 0.6, "print", real, cells))
    act = {"person": "Eileen Collins", "grid_shown": grid.id}
    plain = page.press("t2p_grid_tick", "click", **act)["t2p_grid_result"]["value"]
    assert "secret_late" in plain
    assert "vote" not in plain
    asked = booth(person, grid).pair
    assert asked is not None
    cast(person, grid, asked.key, "left")
    card = unescape(page.press("t2p_grid_tick", "click", **act)["t2p_grid_result"]["value"])
    beside = votes_beside(grid, final_verdict(grid, person))
    assert beside is not None
    assert beside.sentence in card
    assert beside.beside in card
    # Beside it, never in it.
    assert unescape(plain).split("t2p-message")[1].split("</p>")[0] in card


def test_the_shell_tells_the_result(
    workspace: Workspace, page: Page, grid: GridFolder, capsys: Any
) -> None:
    where = ["--workspace", str(workspace.root)]
    assert main(["vote", "Eileen Collins", grid.id, "--list", *where]) == 0
    assert "3 are left" in capsys.readouterr().out
    assert main(["vote", "Eileen Collins", "none", *where]) != 0


@pytest.mark.browser
def test_votes_are_cast_by_keys_and_buttons(tab: Any, grid: GridFolder, pictures: Path) -> None:
    tab.reload()
    open_tab(tab, "Generate")
    tab.locator("#t2p_generate_tabs button", has_text="Vote").first.click()
    left = tab.locator("#t2p_vote_left")
    left.get_by_text("0 answered, 3 left").wait_for()
    tab.screenshot(path=pictures / "vote.png", full_page=True)
    first = tab.locator("#t2p_vote_pair").get_attribute("data-pair")
    tab.keyboard.press("ArrowLeft")
    left.get_by_text("1 answered, 2 left").wait_for()
    tab.locator("#t2p_vote_neither").click()
    left.get_by_text("2 answered, 1 left").wait_for()
    tab.keyboard.press("Backspace")
    left.get_by_text("1 answered, 2 left").wait_for()
    tab.reload()
    open_tab(tab, "Generate")
    tab.locator("#t2p_generate_tabs button", has_text="Vote").first.click()
    left.get_by_text("1 answered, 2 left").wait_for()
    tab.keyboard.press("ArrowRight")
    left.get_by_text("2 answered, 1 left").wait_for()
    tab.keyboard.press("ArrowDown")
    tab.get_by_text("All pairs are answered").wait_for()
    tab.locator("#t2p_vote_result summary").click()
    tab.locator("#t2p_vote_result").get_by_text("In 3 blind votes").wait_for()
    tab.screenshot(path=pictures / "vote-result.png", full_page=True)
    votes = read_ballots(grid).votes
    assert [vote.choice for vote in votes] == ["left", "right", "neither"]
    assert votes[0].pair == first
    assert tab.faults == []

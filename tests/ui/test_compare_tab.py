"""The axes of the Compare form, its forecast and its table of cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file
from ui_fakes import FakeHost, Page, collins, finished_dataset, new_run, open_tab

from lib_t2p.grids.cell_pace import keep_pace
from lib_t2p.grids.cells.cell_files import cell_path, write_cell
from lib_t2p.grids.cells.cells import expand, write_cells
from lib_t2p.grids.plan_files import read_plan
from lib_t2p.jobs.queue import Queue
from lib_t2p.painting.infotext import KEYWORD
from lib_t2p.painting.png import with_text
from lib_t2p.painting.request import PaintedCell
from lib_t2p.workspace.person import PersonFolder, Workspace

STEMS = ["t2p_first_e01", "t2p_first_e02"]
FORM: dict[str, Any] = {
    "person": "Eileen Collins",
    "grid_models": STEMS,
    "grid_weights": "0.9",
    "grid_seeds": "1-2",
}


@pytest.fixture
def base(tmp_path: Path) -> str:
    folder = tmp_path / "base"
    folder.mkdir()
    return str(folder)


@pytest.fixture
def person(workspace: Workspace) -> PersonFolder:
    folder = collins(workspace)
    finished_dataset(folder)
    run = new_run(folder, "first")
    run.model.mkdir(parents=True)
    for epoch, stem in enumerate(STEMS, 1):
        metadata = {"ss_epoch": str(epoch), "ss_steps": str(10 * epoch)}
        tensors = {
            "lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight": np.zeros(
                (1, 2), np.float32
            )
        }
        save_file(tensors, run.model / f"{stem}.safetensors", metadata)
    return folder


def painted(person: PersonFolder, tmp_path: Path) -> str:
    """Every cell of the first grid, as a painter would leave it."""
    grid = person.grids()[0]
    cells = expand(read_plan(grid), person)
    write_cells(grid, cells)
    for number, cell in enumerate(cells):
        path = tmp_path / "cell.png"
        Image.new("RGB", (64, 64), (20 * number % 255, 90, 140)).save(path)
        png = with_text(path.read_bytes(), KEYWORD, f"{cell.request.prompt}\nSteps: 20")
        write_cell(cell_path(grid, cell), cell.request, PaintedCell(png, "", 0.1), "fake")
    return grid.id


def test_three_axes_are_typed_with_ranges(
    page: Page, host: FakeHost, person: PersonFolder, base: str, tmp_path: Path
) -> None:
    host.found = {"one": Path(base), "two": tmp_path}
    axes = {"grid_x_kind": "CFG scale", "grid_x_values": "1-7 (+3)", "grid_z_kind": "Checkpoint"}
    given = {**FORM, **axes, "grid_z_values": "one, two", "grid_checkpoint": "one"}
    said = page.press("t2p_grid_start", "click", **given)
    assert "36 pictures" in said["t2p_grid_message"]
    plan = read_plan(person.grids()[0])
    assert plan.x.values == (1.0, 4.0, 7.0)
    assert plan.z is not None and plan.z.values == (base, str(tmp_path))
    assert (plan.seeds, plan.lora_weight) == ((1, 2), 0.9)


def test_all_bad_values_stand_in_one_message(
    page: Page, workspace: Workspace, person: PersonFolder, base: str
) -> None:
    axes = {"grid_x_kind": "Sampler", "grid_x_values": "Euler a, Oiler", "grid_z_kind": "Clip skip"}
    given = {**FORM, **axes, "grid_z_values": "2, 13, much", "grid_checkpoint": base}
    said = page.press("t2p_grid_start", "click", **{**given, "grid_weights": "0.5, 1"})
    for word in ("Oiler", "13", "much", "2 LoRA weights"):
        assert word in said["t2p_grid_message"], word
    assert Queue(workspace).jobs() == []


def test_ready_axes_and_prompts_fill_the_form(page: Page) -> None:
    filled = page.press("t2p_grid_ready", "change", grid_ready="All samplers")
    assert filled["t2p_grid_x_kind"]["value"] == "Sampler"
    assert '"DPM++ 2M Karras"' in filled["t2p_grid_x_values"]["value"]
    prompts = page.press("t2p_grid_ready_prompts", "change", grid_ready_prompts="Complex")
    assert prompts["t2p_grid_prompts"]["value"].count("{trigger}") == 2


def test_the_forecast_tells_minutes_once_a_grid_was_painted(
    page: Page, workspace: Workspace
) -> None:
    before = page.press("t2p_grid_weights", "change", **FORM)["t2p_grid_forecast"]
    assert "6 pictures" in before and "after the first grid" in before
    keep_pace(workspace, "a painter", [(10.0, 1000.0)])
    after = page.press("t2p_grid_weights", "change", **FORM)["t2p_grid_forecast"]
    assert "About 52 min" in after and "a painter" in after


def test_a_cell_shows_its_picture_and_why_it_cannot_be_sent(
    page: Page, person: PersonFolder, base: str, tmp_path: Path
) -> None:
    page.press("t2p_grid_start", "click", **FORM, grid_checkpoint=base)
    grid = painted(person, tmp_path)
    table = page.press("t2p_grid_tick", "click", person="Eileen Collins")["t2p_grid_table"]["value"]
    assert table.count("<img") == 3 and "Page 1 of 2" in table
    second = page.press("t2p_grid_tick", "click", person="Eileen Collins", grid_page=9)
    assert "Page 2 of 2" in second["t2p_grid_table"]["value"]
    cell = table.split('data-t2p-act="')[1].split('"')[0]
    act = {"person": "Eileen Collins", "grid_cell_act_value": cell}
    shown = page.press("t2p_grid_cell_act", "click", **act)["t2p_grid_detail"]
    assert "Steps: 20" in shown and 'disabled title="Only inside the WebUI' in shown
    gone = {**act, "grid_cell_act_value": f"{grid} ../../x"}
    assert "not painted yet" in page.press("t2p_grid_cell_act", "click", **gone)["t2p_grid_detail"]


@pytest.mark.browser
def test_a_grid_is_compared_in_a_browser(
    tab: Any, person: PersonFolder, base: str, tmp_path: Path, pictures: Path
) -> None:
    tab.set_viewport_size({"width": 1400, "height": 1300})
    tab.reload()
    open_tab(tab, "Generate")
    tab.wait_for_selector("#t2p_grid_models input:checked")
    tab.locator("#t2p_grid_ready input").fill("CFG scale 1 to 15")
    tab.keyboard.press("Enter")
    tab.wait_for_function(
        "() => document.querySelector('#t2p_grid_x_values input, #t2p_grid_x_values textarea')"
        ".value === '1-15 (+1)'"
    )
    tab.get_by_label("Column values", exact=True).fill("3-7 (+2)")
    tab.locator("#t2p_grid_checkpoint input").fill(base)
    tab.keyboard.press("Enter")
    tab.get_by_text("72 pictures", exact=False).first.wait_for()
    tab.locator("#t2p_grid_start").click()
    tab.get_by_text("is on its way", exact=False).first.wait_for()
    painted(person, tmp_path)
    # Two models and no LoRA, each at three CFG values, open a picture.
    tab.wait_for_function(
        "() => document.querySelectorAll('#t2p_grid_table [data-t2p-act]').length === 9"
    )
    tab.locator("#t2p_grid_table [data-t2p-act]").first.click()
    tab.wait_for_selector("#t2p_grid_infotext")
    tab.screenshot(path=pictures / "compare.png", full_page=True)
    assert tab.locator("[data-t2p-send][disabled]").count() == 2
    assert tab.faults == []

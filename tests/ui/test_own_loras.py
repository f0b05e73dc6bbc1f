"""LoRA files from elsewhere, compared from the tab."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file
from ui_fakes import FakeHost, Page, open_tab

from lib_t2p.generation.plan import read_plan
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace import PersonFolder, Workspace

SD15 = "lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight"
SDXL = "lora_te2_text_model_encoder_layers_0_mlp_fc1.lora_down.weight"


def lora(path: Path, key: str = SD15) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({key: np.zeros((1, 2), np.float32)}, path)
    return path


@pytest.fixture
def form(person: PersonFolder, base: Path, tmp_path: Path) -> dict[str, Any]:
    files = [lora(tmp_path / "ä b" / "one.safetensors"), lora(tmp_path / "two.safetensors")]
    return {
        "person": "Eileen Collins",
        "own_files": "\n".join(map(str, files)),
        "own_base": str(base),
        "own_trigger": "zzz",
    }


def test_files_become_a_grid(page: Page, person: PersonFolder, form: dict[str, Any]) -> None:
    said = page.press("t2p_own_start", "click", **form)["t2p_own_message"]
    assert "2 files on the way as own-loras" in said
    plan = read_plan(person.grid("own LoRAs"))
    assert [model.label for model in plan.models] == ["one", "two"]
    assert (plan.trigger, plan.weights) == ("zzz", (0.6, 0.8, 1.0))


def test_every_fault_of_the_files_is_named_at_once(
    page: Page, workspace: Workspace, form: dict[str, Any], tmp_path: Path
) -> None:
    other = lora(tmp_path / "other.safetensors", SDXL)
    files = f"{other}\n{tmp_path / 'missing.safetensors'}"
    said = page.press("t2p_own_start", "click", **{**form, "own_files": files})["t2p_own_message"]
    assert "2 faults" in said and "SDXL" in said and "missing.safetensors" in said
    assert Queue(workspace).jobs() == []


def test_files_outside_the_allowed_folders_are_refused(
    page: Page, host: FakeHost, form: dict[str, Any], tmp_path: Path
) -> None:
    host.allowed = [tmp_path / "nowhere"]
    said = page.press("t2p_own_start", "click", **form)["t2p_own_message"]
    assert "2 faults" in said and "outside the folders" in said


def test_a_grid_is_scored_again(page: Page, person: PersonFolder, form: dict[str, Any]) -> None:
    nothing = page.press("t2p_grid_rescore", "click", person="Eileen Collins", grid_shown=None)
    assert "No grid is shown" in nothing["t2p_grid_more_message"]
    page.press("t2p_own_start", "click", **form)
    told = {"person": "Eileen Collins", "grid_shown": "own-loras"}
    said = page.press("t2p_grid_rescore", "click", **told)["t2p_grid_more_message"]
    assert "Scoring what is painted" in said


@pytest.mark.browser
def test_files_are_compared_in_a_browser(
    tab: Any, person: PersonFolder, form: dict[str, Any], pictures: Path
) -> None:
    tab.reload()
    open_tab(tab, "Generate")
    tab.locator("#t2p_own_part .label-wrap").first.click()
    tab.locator("#t2p_own_files textarea").fill(form["own_files"])
    field = tab.locator("#t2p_own_base input")
    field.fill(form["own_base"])
    field.press("Enter")
    tab.locator("#t2p_own_start").click()
    tab.locator("#t2p_own_message").get_by_text("2 files on the way").wait_for()
    tab.screenshot(path=pictures / "own-loras.png", full_page=True)
    assert person.grid("own LoRAs").plan.exists()
    assert tab.faults == []

"""LoRA files from elsewhere, compared from the tab."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file
from ui_fakes import FakeHost, Page, open_tab

from lib_t2p.grids.plan_files import NEWEST, read_plan
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace.person import PersonFolder, Workspace
from lib_t2p.workspace.uploads import waiting_folder

SD15 = "lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight"
SDXL = "lora_te2_text_model_encoder_layers_0_mlp_fc1.lora_down.weight"


def lora(path: Path, key: str = SD15) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({key: np.zeros((1, 2), np.float32)}, path)
    return path


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """gradio's own folder; tests name it before `tab`."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "gradio"))
    return tmp_path / "gradio"


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


def test_photos_become_the_dataset_that_the_files_are_compared_with(
    page: Page, person: PersonFolder, workspace: Workspace, form: dict[str, Any], tmp_path: Path
) -> None:
    photos = tmp_path / "pictures of hér"
    photos.mkdir()
    shown = page.press("t2p_own_start", "click", **form, own_photos=str(photos))
    assert "the dataset is built first" in shown["t2p_own_message"]
    imported, built, *grid = Queue(workspace).jobs()
    assert (imported.kind, built.kind) == ("dataset.import", "dataset.build")
    assert imported.params["sources"] == [str(photos)]
    assert list(built.needs) == [imported.id]
    assert list(grid[0].needs) == [built.id]
    assert read_plan(person.grid("own LoRAs")).dataset == NEWEST


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"own_files": ""}, "no LoRA is named"),
        ({"own_photos": "/no/such folder"}, "No photos at"),
        ({"own_name": " "}, "has no name"),
        ({"own_weights": "high"}, "Weights of these files"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_queued(
    page: Page, workspace: Workspace, form: dict[str, Any], changes: dict[str, Any], told: str
) -> None:
    said = page.press("t2p_own_start", "click", **{**form, **changes})["t2p_own_message"]
    assert told in said
    assert Queue(workspace).jobs() == []


def test_photos_outside_the_allowed_folders_are_refused(
    page: Page, host: FakeHost, workspace: Workspace, form: dict[str, Any], tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    host.allowed = [tmp_path / "ä b"]
    typed = {**form, "own_files": form["own_files"].splitlines()[0]}
    pressed = page.press("t2p_own_start", "click", **typed, own_photos=str(elsewhere))
    assert "outside the folders" in pressed["t2p_own_message"]
    assert Queue(workspace).jobs() == []


@pytest.mark.browser
def test_uploaded_files_stay_with_their_grid(
    cache: Path, tab: Any, person: PersonFolder, workspace: Workspace, form: dict[str, Any]
) -> None:
    tab.reload()
    open_tab(tab, "Generate")
    tab.locator("#t2p_own_part .label-wrap").first.click()
    box = tab.locator("#t2p_own_upload")
    with tab.expect_response(lambda answer: "/upload" in answer.url and answer.ok) as sent:
        box.locator("input[type=file]").first.set_input_files(form["own_files"].splitlines())
    sent.value.finished()
    box.get_by_text("two").first.wait_for()
    field = tab.locator("#t2p_own_base input")
    field.fill(form["own_base"])
    field.press("Enter")
    tab.locator("#t2p_own_start").click()
    tab.locator("#t2p_own_message").get_by_text("2 files on the way").wait_for()
    grid = person.grid("own LoRAs")
    models = read_plan(grid).models
    assert [model.label for model in models] == ["one", "two"]
    assert all(m.path.is_file() and m.path.is_relative_to(grid.inputs) for m in models)
    for folder in (cache, waiting_folder(workspace)):
        assert [path for path in folder.rglob("*.safetensors") if path.is_file()] == []
    assert tab.faults == []


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

"""From photos to a grid beside the real WebUI that T2P_WEBUI names; its worker is a real one.

Wants a checkpoint of an SD1.5 shape in T2P_WEBUI_CHECKPOINT.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browsing import browser_page
from PIL import Image
from safetensors.numpy import save_file
from story import Story, post, wait_for

from lib_t2p.errors import FaultsError
from lib_t2p.grids.chain import queue_grid
from lib_t2p.jobs.events.events import EventReader, Progress, Warned
from lib_t2p.jobs.job import Job, JobState
from lib_t2p.runs.runs import SavedModel, saved_models

pytestmark = [pytest.mark.host, pytest.mark.slow]
WEIGHTS = (0.5, 1.0, 1.5)


@pytest.fixture(scope="module")
def before(story: Story) -> tuple[Any, float]:
    """A picture of the WebUI's own, and its memory with the checkpoint loaded."""
    return story.picture(), story.megabytes()


@pytest.fixture(scope="module")
def trained(story: Story, before: tuple[Any, float]) -> tuple[Job, float]:
    """The built-in trainer's run, and the WebUI's memory after it."""
    job = story.follow(story.train("ours"))
    return job, story.megabytes()


@pytest.fixture(scope="module")
def models(story: Story, trained: tuple[Job, float]) -> list[SavedModel]:
    """Two saved models: the run's, and one as if of an earlier epoch."""
    (last,) = saved_models(story.person.run("ours"))
    other = last.path.with_name(last.path.name.replace(last.stem, f"{last.stem}x"))
    other.write_bytes(last.path.read_bytes())
    return [last, SavedModel(other, last.epoch, last.step, other.stem)]


def warnings_of(story: Story, job: Job) -> list[str]:
    events = EventReader(story.workspace.job(job.id).events).read_new()
    return [event.message for event in events if isinstance(event, Warned)]


def pixels_of(path: Path) -> Any:
    with Image.open(path) as picture:
        return np.asarray(picture)


def test_a_dataset_is_built(story: Story) -> None:
    (dataset,) = story.person.datasets()
    assert list(dataset.img.glob("*/*.png"))
    assert list(dataset.heldout.iterdir())


def test_the_checkpoint_makes_room_for_a_training_and_is_back_at_the_next_picture(
    story: Story, before: tuple[Any, float], trained: tuple[Job, float]
) -> None:
    (picture, loaded), (job, unloaded) = before, trained
    assert "did not give its memory back" not in " ".join(warnings_of(story, job))
    assert unloaded < 0.6 * loaded
    assert np.array_equal(story.picture(), picture)
    assert story.megabytes() > unloaded


def test_the_lora_and_its_card_are_in_the_webui_at_once(
    story: Story, models: list[SavedModel]
) -> None:
    stem = models[0].stem
    found: list[dict[str, Any]] = []

    def is_listed() -> bool:
        found[:] = [lora for lora in story.running.get("/sdapi/v1/loras") if lora["name"] == stem]
        return bool(found)

    wait_for(is_listed, "the LoRA in the WebUI's list")
    assert found[0]["metadata"]["ss_network_dim"] == "4"
    assert found[0]["metadata"]["ss_training_comment"] == "Consent: NASA"
    card = json.loads(Path(found[0]["path"]).with_suffix(".json").read_text(encoding="utf-8"))
    assert "ohwx" in card["activation text"]
    assert card["sd version"] == "SD1"


def test_the_metadata_window_shows_our_fields(story: Story, models: list[SavedModel]) -> None:
    stem = models[0].stem
    address = f"http://127.0.0.1:{story.running.port}/"
    with browser_page(address, wait=120_000) as page:
        page.goto(address)
        refresh = page.locator("#txt2img_lora_extra_refresh, #txt2img_extra_refresh")
        refresh.first.wait_for(state="attached")
        refresh.first.evaluate("button => button.click()")
        page.locator(f'.card[data-name="{stem}"]').first.wait_for(state="attached")
    told = story.running.get(f"/sd_extra_networks/metadata?page=lora&item={stem}")
    metadata = json.loads(told["metadata"])
    assert metadata["ss_output_name"] == stem
    assert metadata["ss_network_dim"] == "4"
    assert metadata["ss_training_comment"] == "Consent: NASA"


def test_sd_scripts_trains_with_the_checkpoint_out_of_the_way(
    story: Story, before: tuple[Any, float]
) -> None:
    if not os.environ.get("T2P_SD_SCRIPTS"):
        pytest.skip("T2P_SD_SCRIPTS names no checkout of sd-scripts")
    tag = os.environ.get("T2P_SD_SCRIPTS_TAG", "v0.9.1")
    story.picture()
    job = story.follow(story.train("kohya", f"sd-scripts-{tag}"))
    assert story.megabytes() < 0.6 * before[1]
    assert len(saved_models(story.person.run("kohya"))) == 1
    assert job.result["installed"]


def test_a_grid_is_painted_scored_and_resumed(story: Story, models: list[SavedModel]) -> None:
    jobs = [story.follow(job) for job in story.grid("cömpare", models, WEIGHTS)]
    grid = story.person.grid("cömpare")
    assert (jobs[1].result["painted"], jobs[1].result["resumed"]) == (7, 0)
    assert jobs[1].result["painter"].startswith(("AUTOMATIC1111", "Forge"))
    assert jobs[2].result["scored"] == 7
    gone = sorted(grid.cells.glob("*.png"))[0]
    before = pixels_of(gone)
    gone.unlink()
    again = [story.follow(j) for j in queue_grid(story.queue, story.person, grid)]
    assert (again[1].result["painted"], again[1].result["resumed"]) == (1, 6)
    # The file also tells the seconds that it took.
    assert np.array_equal(pixels_of(gone), before)


def test_interrupt_ends_a_grid_and_keeps_what_is_painted(
    story: Story, models: list[SavedModel]
) -> None:
    _, cells, *_ = story.grid("stopped", models[:1], (0.25, 0.5, 0.75, 1.0), steps=12)
    events = EventReader(story.workspace.job(cells.id).events)

    def one_is_painted() -> bool:
        return any(isinstance(e, Progress) and e.done >= 1 for e in events.read_new())

    wait_for(one_is_painted, "the first cell")
    wait_for(lambda: bool(story.running.get("/sdapi/v1/progress")["state"]["job"]), "the next one")
    post(story.running, "/sdapi/v1/interrupt")
    ended = story.ended(cells)
    assert ended.state is JobState.STOPPED
    assert "Interrupted" in ended.reason
    assert 1 <= len(list(story.person.grid("stopped").cells.glob("*.png"))) < 4


def test_a_lora_of_another_family_and_a_missing_checkpoint_are_refused(
    story: Story, models: list[SavedModel], tmp_path: Path
) -> None:
    place = "lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k"
    tensors = {
        f"{place}.lora_down.weight": np.zeros((4, 2048), np.float16),
        f"{place}.lora_up.weight": np.zeros((640, 4), np.float16),
        f"{place}.alpha": np.array(4.0, np.float16),
    }
    foreign = models[0].path.with_name("t2p_eileen_xl_e01.safetensors")
    save_file(tensors, foreign, {"ss_base_model_version": "sdxl_base_v1-0"})
    saved = SavedModel(foreign, 1, 1, foreign.stem)
    with pytest.raises(FaultsError, match=foreign.stem):
        story.grid("foreign", [saved], (1.0,))
    absent = tmp_path / "gone.safetensors"
    gone = story.ended(story.grid("gone", models, (1.0,), checkpoint=absent)[1])
    assert gone.state is JobState.FAILED
    assert "gone.safetensors" in gone.reason

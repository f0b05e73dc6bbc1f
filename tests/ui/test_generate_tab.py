from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from ui_fakes import FakeHost, Page, collins, finished_dataset, new_run, picture, tell

from lib_t2p.grids.plan_files import read_plan
from lib_t2p.jobs.events.events import Image, Progress
from lib_t2p.jobs.queue import JobState, Queue
from lib_t2p.scores.verdict.scores import CellScore, RealPhotos, Scores, write_scores
from lib_t2p.workspace.person import PersonFolder, Workspace

STEMS = ["t2p_first_e01", "t2p_first_e02"]
FORM = {
    "person": "Eileen Collins",
    "grid_models": STEMS,
    "grid_weights": "0.8, 1",
    "grid_seeds": "1, 2",
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


def drawn(page: Page, person: PersonFolder, base: str) -> str:
    page.press("t2p_grid_start", "click", **FORM, grid_checkpoint=base)
    return person.grids()[0].id


def test_draw_grid_submits_the_chain(
    page: Page, workspace: Workspace, person: PersonFolder, base: str
):
    said = page.press("t2p_grid_start", "click", **FORM, grid_checkpoint=base)
    assert "grid-1 is on its way: 10 pictures" in said["t2p_grid_message"]
    kinds = [job.kind for job in Queue(workspace).jobs()]
    assert kinds == ["grid.plan", "grid.cells", "grid.scores", "grid.report"]
    plan = read_plan(person.grid("grid-1"))
    assert (plan.stems, plan.weights, plan.seeds) == (tuple(STEMS), (0.8, 1.0), (1, 2))
    assert plan.prompts == ("photo of {trigger} {class_word}",)


def test_a_second_click_says_that_the_grid_is_at_work(
    page: Page, workspace: Workspace, person: PersonFolder, base: str
):
    drawn(page, person, base)
    said = page.press("t2p_grid_start", "click", **FORM, grid_checkpoint=base)
    assert "at work already as grid-1" in said["t2p_grid_message"]
    assert len(Queue(workspace).jobs()) == 4


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"grid_models": []}, ["tick at least one"]),
        ({"grid_weights": "heavy"}, ["LoRA weights", "heavy"]),
        ({"grid_seeds": "1.5"}, ["Seeds", "whole number"]),
        ({"grid_width": 65.0, "grid_steps": 0.0, "grid_prompts": ""}, ["width", "steps", "prompt"]),
        ({"grid_checkpoint": "/no/such"}, ["no base checkpoint"]),
    ],
)
def test_bad_input_is_a_message_and_starts_nothing(
    page: Page,
    workspace: Workspace,
    person: PersonFolder,
    base: str,
    wrong: dict[str, object],
    words: list[str],
):
    given = {**FORM, "grid_checkpoint": base, **wrong}
    said = page.press("t2p_grid_start", "click", **given)
    for word in words:
        assert word in said["t2p_grid_message"]
    assert Queue(workspace).jobs() == []
    assert person.grids() == []


def test_the_forecast_counts_the_pictures(page: Page):
    said = page.press("t2p_grid_weights", "change", **FORM)
    assert "10 pictures" in said["t2p_grid_forecast"]
    wrong = page.press("t2p_grid_weights", "change", **{**FORM, "grid_weights": "x"})
    assert 'role="alert"' in wrong["t2p_grid_forecast"]


def test_the_saved_models_of_the_newest_run_are_ticked(page: Page, person: PersonFolder):
    shown = page.press("t2p_grid_tick", "click", person="Eileen Collins")
    assert shown["t2p_grid_models"]["choices"] == STEMS
    assert shown["t2p_grid_models"]["value"] == STEMS
    assert shown["t2p_grid_checkpoint"]["value"] == "/models/base.safetensors"
    assert shown["t2p_grid_width"]["value"] == 96


def test_the_runs_checkpoint_is_shown_by_its_title(
    page: Page, host: FakeHost, person: PersonFolder
):
    host.found = {"my base": Path("/models/base.safetensors")}
    shown = page.press("t2p_grid_tick", "click", person="Eileen Collins")
    assert shown["t2p_grid_checkpoint"]["value"] == "my base"


def test_without_saved_models_the_tab_says_what_to_do(page: Page, workspace: Workspace):
    collins(workspace)
    shown = page.press("t2p_grid_tick", "click", person="Eileen Collins")
    assert "Train tab" in shown["t2p_grid_live"]["value"]


def test_cells_show_up_while_the_grid_is_painted(
    page: Page, workspace: Workspace, person: PersonFolder, base: str
):
    grid = person.grid(drawn(page, person, base))
    queue = Queue(workspace)
    planning = queue.claim(["light"], "worker")
    assert planning
    queue.finish(planning.id, {"cells": 10})
    painting = queue.claim(["paint"], "painter")
    assert painting
    cell = picture(grid.cells / "a.png")
    told = [Progress(1.0, 0, 10, "cell"), Image(2.0, str(cell), "e01 at 0.8")]
    tell(workspace, painting.id, *told, Progress(3.0, 4, 10, "cell"))
    shown = page.press("t2p_grid_tick", "click", person="Eileen Collins")
    assert "cell 4 of 10" in shown["t2p_grid_live"]["value"]
    assert "a.png" in shown["t2p_grid_result"]["value"]
    assert shown["t2p_grid_stop"]["visible"] is True


def test_stop_ends_the_whole_chain(
    page: Page, workspace: Workspace, person: PersonFolder, base: str
):
    grid_id = drawn(page, person, base)
    page.press("t2p_grid_stop", "click", person="Eileen Collins", grid_shown=grid_id)
    assert {job.state for job in Queue(workspace).jobs()} == {JobState.STOPPED}
    again = page.press("t2p_grid_stop", "click", person="Eileen Collins", grid_shown=grid_id)
    assert "nothing to stop" in again["t2p_grid_stop_message"]


def test_a_finished_grid_shows_verdict_table_picture_and_report(
    page: Page, person: PersonFolder, base: str
):
    grid = person.grid(drawn(page, person, base))
    write_scores(grid, scores())
    picture(grid.picture)
    grid.report.write_text("<p>report</p>")
    shown = page.press("t2p_grid_tick", "click", person="Eileen Collins")["t2p_grid_result"][
        "value"
    ]
    assert "first epoch 2 at weight 1" in shown
    assert "no LoRA" in shown
    assert shown.count("<tr") == 6
    assert "grid.webp?v=" in shown
    assert "report.html?v=" in shown
    assert "2 of 2" in shown


def test_damaged_scores_are_a_message(page: Page, person: PersonFolder, base: str):
    grid = person.grid(drawn(page, person, base))
    grid.scores.write_text("{")
    shown = page.press("t2p_grid_tick", "click", person="Eileen Collins")["t2p_grid_result"]
    assert 'role="alert"' in shown["value"]


def scores() -> Scores:
    """The second epoch at weight 1 is the closest."""
    cells = []
    for model, weight in [("", 0.0), *((s, w) for s in STEMS for w in (0.8, 1.0))]:
        for seed in (1, 2):
            distance = 0.8 - 0.1 * weight - 0.2 * STEMS.index(model) if model else 0.9
            cells.append(
                CellScore(
                    f"{model}{weight}{seed}",
                    model,
                    weight,
                    0,
                    seed,
                    1,
                    (distance,),
                    distance,
                    distance,
                    50.0,
                    "0",
                )
            )
    real = RealPhotos(2, 2, 0, (0.3, 0.3), (0.3, 0.3), True)
    return Scores("painter", "detector", "embedder", 0.6, "0", real, tuple(cells))

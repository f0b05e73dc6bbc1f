from __future__ import annotations

from pathlib import Path

import pytest
from ui_fakes import FakeHost, Page, collins, new_run, picture, tell

from lib_t2p.jobs.events.events import Image, Metric, Progress
from lib_t2p.jobs.queue import JobState, Queue
from lib_t2p.runs.runs import read_run
from lib_t2p.workspace.person import PersonFolder, Workspace

WHO = {"person": "Eileen Collins"}


def started(workspace: Workspace, person: PersonFolder, name: str = "first") -> str:
    run = new_run(person, name)
    params = {"person": person.slug, "run": run.id}
    job = Queue(workspace).submit("train.run", params, lane="gpu", person=person.slug)
    Queue(workspace).claim(["gpu"], "worker")
    return job.id


def test_start_submits_a_run_with_the_changed_settings(
    page: Page, workspace: Workspace, person: PersonFolder, base: Path
):
    said = page.press(
        "t2p_train_start", "click", **WHO, train_checkpoint=str(base), train_max_train_epochs="3"
    )
    assert "on its way" in said["t2p_train_message"]
    (job,) = Queue(workspace).jobs()
    run = read_run(person.run(job.params["run"]))
    assert run.settings.max_train_epochs == 3
    assert (run.dataset, run.checkpoint, run.trigger) == (1, str(base), "ohwx")


def test_a_checkpoint_is_chosen_by_its_title(
    page: Page, host: FakeHost, person: PersonFolder, base: Path
):
    host.found, host.allowed = {"my base": base}, []
    page.press("t2p_train_start", "click", **WHO, train_checkpoint="my base")
    assert [read_run(run).checkpoint for run in person.runs()] == [str(base)]


def test_a_second_click_says_that_the_training_is_at_work(
    page: Page, workspace: Workspace, person: PersonFolder, base: Path
):
    for _ in range(2):
        said = page.press("t2p_train_start", "click", **WHO, train_checkpoint=str(base))
    assert "waiting already as demo-1" in said["t2p_train_message"]
    assert len(Queue(workspace).jobs()) == 1
    assert len(person.runs()) == 1


def test_all_faults_of_the_settings_are_said_at_once(
    page: Page, workspace: Workspace, person: PersonFolder, base: Path
):
    said = page.press(
        "t2p_train_start",
        "click",
        **WHO,
        train_checkpoint=str(base),
        train_max_train_epochs="many",
        train_train_batch_size="0",
    )
    assert said["t2p_train_message"].count("<li>") == 2
    assert Queue(workspace).jobs() == []
    assert person.runs() == []


@pytest.mark.parametrize(
    ("checkpoint", "word"), [("", "No base checkpoint"), ("/no/such.safetensors", "no base")]
)
def test_a_missing_checkpoint_is_a_message(
    page: Page, workspace: Workspace, person: PersonFolder, checkpoint: str, word: str
):
    said = page.press("t2p_train_start", "click", **WHO, train_checkpoint=checkpoint)
    assert word in said["t2p_train_message"]
    assert person.runs() == []


def test_a_pickled_checkpoint_is_refused_with_the_reason(
    page: Page, person: PersonFolder, tmp_path: Path
):
    pickled = tmp_path / "model.ckpt"
    pickled.write_bytes(b"\x80\x04")
    said = page.press("t2p_train_start", "click", **WHO, train_checkpoint=str(pickled))
    assert "pickled" in said["t2p_train_message"]
    assert person.runs() == []


def test_settings_that_point_outside_the_allowed_folders_are_refused(
    page: Page, host: FakeHost, person: PersonFolder, base: Path, tmp_path: Path
):
    host.allowed = [base]
    for typed in (str(tmp_path / "secret"), "../../secret"):
        given = {**WHO, "train_checkpoint": str(base), "train_reg_data_dir": typed}
        said = page.press("t2p_train_start", "click", **given)
        assert "outside" in said["t2p_train_message"]
    assert person.runs() == []


def test_without_a_dataset_the_tab_says_what_to_do(page: Page, workspace: Workspace, base: Path):
    collins(workspace)
    said = page.press("t2p_train_start", "click", **WHO, train_checkpoint=str(base))
    assert "Dataset tab" in said["t2p_train_message"]
    shown = page.press("t2p_train_tick", "click", **WHO)
    assert "Dataset tab" in shown["t2p_train_live"]["value"]


def test_choosing_a_recipe_fills_the_fields(page: Page):
    shown = page.press("t2p_train_recipe", "input", train_recipe="guide-final")
    assert shown["t2p_train_network_dim"] == "192"
    assert shown["t2p_train_optimizer_type"] == "DAdaptAdam"


def test_progress_curves_and_samples_arrive(page: Page, workspace: Workspace, person: PersonFolder):
    job_id = started(workspace, person)
    sample = picture(person.run("first").samples / "e01.png")
    outside = picture(workspace.root / "outside.png")
    tell(
        workspace,
        job_id,
        Progress(1.0, 0, 40, "step"),
        *[Metric(1.0 + n, "loss/average", n, 0.2 / n) for n in range(1, 11)],
        *[Metric(1.0 + n, "lr/d*lr", n, 1e-6 * n) for n in range(1, 11)],
        Progress(11.0, 10, 40, "step"),
        Image(11.0, str(sample), "epoch 1"),
        Image(11.0, str(outside), "not ours"),
    )
    shown = page.press("t2p_train_tick", "click", **WHO)
    assert "step 10 of 40, about 30 s left" in shown["t2p_train_live"]["value"]
    assert shown["t2p_train_curves"]["value"].count("<svg") == 2
    assert "d*lr" in shown["t2p_train_curves"]["value"]
    assert "e01.png" in shown["t2p_train_samples"]["value"]
    assert "outside.png" not in shown["t2p_train_samples"]["value"]
    assert shown["t2p_train_stop"]["visible"] is True


def test_stop_asks_the_run_that_is_shown(page: Page, workspace: Workspace, person: PersonFolder):
    job_id = started(workspace, person)
    said = page.press("t2p_train_stop", "click", **WHO, train_run="first")
    assert "Asked to stop" in said["t2p_train_stop_message"]
    assert Queue(workspace).get(job_id).state is JobState.STOPPING


def test_stopping_what_is_over_is_a_message(page: Page, workspace: Workspace, person: PersonFolder):
    Queue(workspace).fail(started(workspace, person), "The disk is full.")
    said = page.press("t2p_train_stop", "click", **WHO, train_run="first")
    assert "over already" in said["t2p_train_stop_message"]


def test_the_list_names_every_run_with_the_sentence_of_a_failure(
    page: Page, workspace: Workspace, person: PersonFolder
):
    Queue(workspace).fail(started(workspace, person), "The disk is full.")
    started(workspace, person, "second")
    shown = page.press("t2p_train_tick", "click", **WHO)
    assert shown["t2p_train_run"]["choices"] == ["second", "first"]
    assert shown["t2p_train_run"]["value"] == "second"
    assert "The disk is full." in page.press("t2p_queue_tick", "click")["t2p_queue_over"]["value"]


def test_a_run_whose_file_is_damaged_is_a_message(
    page: Page, workspace: Workspace, person: PersonFolder
):
    started(workspace, person)
    person.run("first").settings.write_text("not toml [")
    shown = page.press("t2p_train_tick", "click", **WHO)
    assert 'role="alert"' in shown["t2p_train_live"]["value"]


def test_the_recipe_that_the_host_offers_comes_first(page: Page):
    assert page.parts["t2p_train_recipe"].value == "demo"
    assert page.parts["t2p_train_network_dim"].value == "32"

"""The page in a real browser, on the gradio that is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ui_fakes import collins, finished_dataset, new_run, open_tab, tell

from lib_t2p.jobs.events.events import Metric, Phase, Progress
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace.people import load_person
from lib_t2p.workspace.person import Workspace

pytestmark = pytest.mark.browser


def test_a_person_is_made_in_the_page(tab: Any, workspace: Workspace):
    live = tab.locator("#t2p_dataset_live")
    live.get_by_text("No people yet").wait_for()
    tab.locator("#t2p_new_name input, #t2p_new_name textarea").first.fill("Eileen Collins")
    tab.locator("#t2p_new_create").click()
    said = tab.locator("#t2p_new_message")
    said.get_by_text("consent is missing").wait_for()
    said.get_by_text("the trigger").wait_for()
    assert workspace.people() == []

    tab.locator("#t2p_new_trigger input, #t2p_new_trigger textarea").first.fill("ohwx")
    tab.locator("#t2p_new_consent input").check()
    tab.locator("#t2p_new_create").click()
    said.get_by_text("was created").wait_for()
    live_photos = tab.locator("#t2p_photos_summary")
    live_photos.get_by_text("No photos yet").wait_for()
    assert load_person(workspace.person("Eileen Collins")).trigger == "ohwx"
    assert tab.faults == []


def test_every_tab_says_what_to_do_first(tab: Any):
    for title, side in (("Train", "#t2p_train_live"), ("Generate", "#t2p_grid_live")):
        open_tab(tab, title)
        tab.locator(side).get_by_text("Create a person first").wait_for()
    assert tab.faults == []


def test_a_run_is_followed_and_survives_a_reload(tab: Any, workspace: Workspace):
    folder = collins(workspace)
    run = new_run(folder, "first")
    queue = Queue(workspace)
    params = {"person": folder.slug, "run": run.id}
    job = queue.submit("train.run", params, lane="gpu", person=folder.slug)
    queue.claim(["gpu"], "worker")
    tell(workspace, job.id, Phase(1.0, "training"), Progress(1.0, 1, 40, "step"))

    tab.reload()
    open_tab(tab, "Train")
    live = tab.locator("#t2p_train_live")
    live.get_by_text("step 1 of 40").wait_for()
    told = [Metric(float(n), "loss/average", n, 1.0 / n) for n in range(1, 6)]
    tell(workspace, job.id, *told, Progress(9.0, 5, 40, "step"))
    live.get_by_text("step 5 of 40").wait_for()
    tab.locator("#t2p_train_curves svg").wait_for()

    tab.locator("#t2p_train_stop").click()
    live.get_by_text("stopping", exact=True).wait_for()
    assert tab.faults == []


def test_a_finding_is_fixed_by_its_button(tab: Any, workspace: Workspace, base: Path):
    finished_dataset(collins(workspace))
    tab.reload()
    open_tab(tab, "Train")
    field = tab.locator("#t2p_train_checkpoint input")
    field.fill(str(base))
    field.press("Enter")
    tab.locator("#t2p_train_settings .label-wrap").first.click()
    alpha = tab.locator("#t2p_train_network_alpha input, #t2p_train_network_alpha textarea").first
    alpha.fill("320")
    found = tab.locator("#t2p_train_findings")
    found.get_by_text("1 setting changed").wait_for()
    found.locator(".t2p-act", has_text="alpha").first.click()
    tab.locator("#t2p_train_message").get_by_text("Changed: network_alpha =").wait_for()
    assert alpha.input_value() != "320"
    assert tab.faults == []


def test_a_row_of_the_queue_is_removed(tab: Any, workspace: Workspace):
    folder = collins(workspace)
    params = {"person": folder.slug, "run": new_run(folder, "first").id}
    job = Queue(workspace).submit("train.run", params, lane="gpu", person=folder.slug)
    tab.reload()
    open_tab(tab, "Train")
    tab.locator("#t2p_train_tabs button:visible", has_text="Queue").first.click()
    tab.locator(f'[data-t2p-act="remove {job.id}"]').click()
    tab.locator("#t2p_queue_message").get_by_text("Removed").wait_for()
    assert Queue(workspace).get(job.id).is_over
    assert tab.faults == []


def test_only_files_of_the_workspace_are_served(tab: Any, address: str, tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    answer = tab.request.get(f"{address}file={secret.as_posix()}")
    assert answer.status in (403, 404)

"""Reload UI in the middle of a run, and a second WebUI on the same workspace."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from browsing import browser_page
from real_webui import ANSWERS, PAGE, Running, Webui, copy_extension, start, stop
from story import Story, wait_for

from lib_t2p.jobs.events.events import EventReader, Progress
from lib_t2p.jobs.heartbeats import Heartbeats
from lib_t2p.jobs.job import JobState
from lib_t2p.runs.runs import saved_models

pytestmark = [pytest.mark.host, pytest.mark.slow]
PRESSES = 20
PAUSE_SECONDS = 5.0
"""Between two presses: a WebUI that heard the first one has said so by then."""


def test_reload_ui_leaves_a_run_and_our_service_alone(running: Running, story: Story) -> None:
    job = story.train("reloaded", max_train_steps=12)
    events = EventReader(story.workspace.job(job.id).events)
    wait_for(
        lambda: any(isinstance(e, Progress) and e.unit == "step" for e in events.read_new()),
        "the first step",
    )
    (host,) = Heartbeats(story.workspace).living("host")
    address = f"http://127.0.0.1:{running.port}/"
    with browser_page(address, wait=120_000) as page:
        page.goto(address)
        page.wait_for_selector("#settings_restart_gradio", state="attached")
        _press_restart(page, running)
        wait_for(lambda: sum(ANSWERS in line for line in running.lines) == 2, "the second start")
    assert story.follow(job).state is JobState.FINISHED
    assert len(saved_models(story.person.run("reloaded"))) == 1
    (still,) = Heartbeats(story.workspace).living("host")
    assert still.process == host.process
    ids = {c["props"].get("elem_id") for c in running.get(PAGE)["components"]}
    assert "t2p_tabs" in ids
    assert running.ours() == []


def _press_restart(page: Any, running: Running) -> None:
    """Press until the WebUI says so: its page is drawn before it hears its buttons.

    A page that heard it shows no button until the WebUI is back.
    """
    pause = threading.Event()
    for _ in range(PRESSES):
        page.evaluate("document.querySelector('#settings_restart_gradio')?.click()")
        pause.wait(PAUSE_SECONDS)
        if any("Restarting UI" in line for line in running.lines):
            return
    pytest.fail(f"the WebUI did not restart its page, pressed {PRESSES} times")


def test_two_webuis_on_one_workspace_paint_a_grid_once(
    story: Story, running: Running, webui: Webui, root: Path, tmp_path: Path
) -> None:
    copy_extension(root, tmp_path)
    folder = str(story.workspace.root)
    loras = str(story.workspace.loras)
    named = ["--ckpt", str(story.checkpoint), "--t2p-workspace", folder, "--lora-dir", loras]
    second = start(webui, tmp_path, *named)
    try:
        beats = Heartbeats(story.workspace)
        wait_for(lambda: len(beats.living("host")) == 2, "both at work")
        models = saved_models(story.person.run("reloaded"))
        jobs = [story.follow(job) for job in story.grid("both", models, (0.5, 1.0))]
        assert jobs[1].result["painted"] == 3
        assert second.ours() == []
    finally:
        stop(second)
    assert running.ours() == []

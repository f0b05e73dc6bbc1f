from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from real_webui import Running, Webui, copy_extension, start, stop, venv_python
from story import Story

from lib_t2p.actions.grids.submit import submit_dataset, submit_photos
from lib_t2p.actions.photos.new_people import new_person
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.sample_photos import write_demo_photos
from lib_t2p.jobs.heartbeats import Heartbeats
from lib_t2p.workspace.person import open_workspace

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 1, 2, tzinfo=timezone.utc)


@pytest.fixture(scope="session")
def webui() -> Webui:
    """The WebUI that T2P_WEBUI names."""
    named = os.environ.get("T2P_WEBUI")
    if not named:
        pytest.skip("T2P_WEBUI names no WebUI (a folder with launch.py)")
    folder = Path(named).absolute()
    python = Path(os.environ.get("T2P_WEBUI_PYTHON") or venv_python(folder))
    for needed in (folder / "launch.py", python):
        if not needed.exists():
            pytest.fail(f"{needed} is missing: T2P_WEBUI and T2P_WEBUI_PYTHON name a WebUI")
    return Webui(folder, python)


@pytest.fixture(scope="session")
def running(webui: Webui, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """It, open, with our extension, its data in a new folder and our flags given."""
    data = tmp_path_factory.mktemp("webui data größe")
    copy_extension(ROOT, data)
    checkpoint = os.environ.get("T2P_WEBUI_CHECKPOINT")
    flags = [] if checkpoint is None else ["--ckpt", checkpoint]
    flags += ["--t2p-workspace", str(data / "my people"), "--lora-dir", str(data / "my loras")]
    (data / "my loras").mkdir()
    (data / "my sd-scripts").mkdir()
    flags += ["--t2p-sd-scripts-dir", str(data / "my sd-scripts")]
    opened = start(webui, data, *flags)
    yield opened
    stop(opened)


@pytest.fixture(scope="session")
def story(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """A person with a built dataset; the worker that was started for it is asked to leave."""
    named = os.environ.get("T2P_WEBUI_CHECKPOINT")
    if not named:
        pytest.skip("T2P_WEBUI_CHECKPOINT names no checkpoint")
    workspace = open_workspace(running.data / "my people")
    person = new_person(
        workspace, name="Eileen", trigger="ohwx", class_word="woman", consent="NASA", now=NOW
    )
    made = Story(running, workspace, person, Path(named).absolute())
    photos = write_demo_photos(tmp_path_factory.mktemp("photos größe"))
    made.follow(submit_photos(workspace, person.slug, [photos]))
    options = DatasetOptions(resolution=64, framing="face", repeats=1)
    made.follow(submit_dataset(workspace, person.slug, options))
    yield made
    for beat in Heartbeats(workspace).living("worker"):
        Heartbeats(workspace).ask_to_leave(beat)

"""The acts of `tests/host` around a training and portraits, beside the stand-in's own service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image
from portrait_acts import WILD, paint, plan_of, reasons
from webui_standin import Standin, Txt2Img

from lib_t2p.actions.photos.new_people import new_person
from lib_t2p.actions.runs.training_runs import submit_run
from lib_t2p.demo.demo_settings import BASE
from lib_t2p.files import write_record
from lib_t2p.hosts.webui.background import begin, our_workspace
from lib_t2p.hosts.webui.service import _RUNNING, HostService
from lib_t2p.jobs.events.events import EventReader, Warned
from lib_t2p.jobs.heartbeats import Heartbeats
from lib_t2p.jobs.job import Job, JobState
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.performing import perform
from lib_t2p.jobs.queue import Queue
from lib_t2p.portraits.places import find_picture
from lib_t2p.portraits.rounds import all_pictures
from lib_t2p.portraits.state import COMPLETE, read_state
from lib_t2p.runs.runs import saved_models
from lib_t2p.worker.job_functions import JOB_FUNCTIONS
from lib_t2p.workspace.person import PersonFolder, Workspace

pytestmark = pytest.mark.slow

NOW = datetime(2026, 1, 2, tzinfo=timezone.utc)
FOUR_STEPS: dict[str, Any] = {
    "resolution": "64,64",
    "network_dim": 4,
    "network_alpha": 4.0,
    "network_args": [],
    "max_train_steps": 4,
    "max_train_epochs": None,
    "train_batch_size": 1,
}


@pytest.fixture
def service(webui: Standin, monkeypatch: pytest.MonkeyPatch) -> Iterator[HostService]:
    """What of us lives beside the page; the worker's jobs are done by the tests."""
    monkeypatch.setattr("lib_t2p.jobs.starting.wake", lambda _: None)
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_: None)
    (webui.root / "models" / "Lora").mkdir(parents=True)
    begin().join(60)
    yield _RUNNING[0]
    for one in _RUNNING:
        one.end()
        one.join(60)
    _RUNNING.clear()


@pytest.fixture
def workspace(service: HostService) -> Workspace:
    return our_workspace()


@pytest.fixture
def person(workspace: Workspace) -> PersonFolder:
    """Eileen with a dataset of four pictures."""
    made = new_person(
        workspace, name="Eileen", trigger="ohwx", class_word="woman", consent="drawn", now=NOW
    )
    folder = made.dataset(1).img / "1_ohwx woman"
    folder.mkdir(parents=True)
    random = np.random.default_rng(3)
    for number in range(4):
        pixels = random.integers(0, 255, (64, 64, 3)).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"{number}.png")
    write_record(made.dataset(1).manifest, 1, {})
    return made


def claimed_run(workspace: Workspace, person: PersonFolder) -> Job:
    """A training of four steps that the worker has begun."""
    pytest.importorskip("diffusers")
    _, job = submit_run(
        workspace,
        person.slug,
        "ours",
        recipe="demo",
        overrides=FOUR_STEPS,
        checkpoint=BASE,
        dataset=1,
        trainer="builtin",
    )
    claimed = Queue(workspace).claim(["gpu"], "worker")
    assert claimed is not None
    assert claimed.id == job.id
    return claimed


def do(workspace: Workspace, job: Job) -> Job:
    """The worker's part of a job."""
    return perform(JobContext(job, workspace, Queue(workspace)), JOB_FUNCTIONS[job.kind])


def picture_of(webui: Standin) -> None:
    """Somebody paints in txt2img."""
    webui.process_images(Txt2Img(prompt="a cat", width=64, height=64))


def test_the_checkpoint_makes_room_for_a_training_and_is_back_at_the_next_picture(
    webui: Standin, workspace: Workspace, person: PersonFolder
) -> None:
    picture_of(webui)
    model = webui.model_data.sd_model
    job = do(workspace, claimed_run(workspace, person))
    assert job.state is JobState.FINISHED, job.reason
    events = EventReader(workspace.job(job.id).events).read_new()
    warned = " ".join(event.message for event in events if isinstance(event, Warned))
    assert "memory" not in warned
    assert (webui.model_data.sd_model, webui.model_data.loaded_sd_models) == (None, [])
    assert model.device == "meta"
    picture_of(webui)
    assert webui.loads == 2


def test_the_lora_and_its_card_are_in_the_webui_at_once(
    webui: Standin, service: HostService, workspace: Workspace, person: PersonFolder
) -> None:
    do(workspace, claimed_run(workspace, person))
    (model,) = saved_models(person.run("ours"))
    service._look_after()
    listed = Path(webui.loras[model.stem].filename)
    assert webui.root / "models" / "Lora" in listed.parents
    card = json.loads(listed.with_suffix(".json").read_text(encoding="utf-8"))
    assert "ohwx" in card["activation text"]
    assert card["sd version"] == "SD1"


def test_reload_ui_leaves_a_run_and_our_service_alone(
    service: HostService, workspace: Workspace, person: PersonFolder
) -> None:
    job = claimed_run(workspace, person)
    begin().join(60)
    assert [service] == _RUNNING
    assert service.is_alive()
    assert len(Heartbeats(workspace).living("host")) == 1
    assert Queue(workspace).get(job.id).state is JobState.RUNNING
    assert do(workspace, job).state is JobState.FINISHED


def test_four_portraits_with_wildcards_are_painted_scored_and_sorted(
    webui: Standin, workspace: Workspace, person: PersonFolder
) -> None:
    webui.checkpoints["tiny"] = SimpleNamespace(filename=str(BASE), title="tiny")
    series = paint(workspace, person, "four", plan_of(person, str(BASE), WILD, 4))
    assert read_state(series).ended == COMPLETE, reasons(workspace)
    pictures = all_pictures(series)
    assert len(pictures) == 4
    # Black pictures show nobody.
    assert {find_picture(series, one.id).parent for one in pictures} == {series.bin}  # type: ignore[union-attr]
    asked = [(r["prompt"], r["seed"], r["width"]) for r in webui.requests]
    assert asked == [(o.request.prompt, o.request.seed, o.request.width) for o in pictures]
    assert all(webui.locked)

"""A whole sweep on the tiny base by one command, although its worker is killed on the way."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from job_helpers import until
from PIL import Image

from lib_t2p.cli import __main__ as cli
from lib_t2p.files import write_text
from lib_t2p.jobs.heartbeats import Heartbeats
from lib_t2p.jobs.processes.processes import stop_tree
from lib_t2p.jobs.queue import Job, JobState, Queue
from lib_t2p.toml_io import dump_toml
from lib_t2p.workspace.people import Person
from lib_t2p.workspace.person import PersonFolder, Workspace, open_workspace

BASE = Path(__file__).resolve().parents[2] / "lib_t2p" / "demo" / "tiny_base"
SETTINGS = {
    "resolution": "32,32",
    "network_args": "[]",
    "max_train_epochs": "2",
    "save_every_n_epochs": "1",
    "train_batch_size": "2",
    "noise_offset": "0",
}
"""Settings that train in a moment, on top of the recipe `demo`."""


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = open_workspace(tmp_path / "wörk space")
    yield opened
    for beat in Heartbeats(opened).living("worker"):
        stop_tree(beat.process, 5)


def make_person(workspace: Workspace) -> PersonFolder:
    person = workspace.person("Ada")
    who = Person("Ada", "blh", "woman", "herself", "2026-01-01T00:00:00")
    write_text(person.record, dump_toml({"schema": 1, **vars(who)}))
    photos = person.dataset(1).img / "1_blh woman"
    photos.mkdir(parents=True)
    for number in range(4):
        Image.new("RGB", (32, 32), (60 * number, 90, 120)).save(photos / f"photo-{number}.png")
    write_text(person.dataset(1).manifest, "{}")
    write_text(person.dataset(1).heldout / "kept_back.png", "")
    return person


def runs(queue: Queue) -> list[Job]:
    return queue.jobs(kind="train.run")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kills as Unix does")
def test_three_ranks_by_two_seeds_survive_a_killed_worker(workspace: Workspace) -> None:
    person = make_person(workspace)
    codes: list[int] = []
    command = ["sweep", "new", "Ada", "--workspace", str(workspace.root), "--name", "Ranks"]
    command += ["--recipe", "demo", "--checkpoint", str(BASE), "--repeats", "2"]
    command += ["--axis", "network_dim=2,4,8"]
    for name, value in SETTINGS.items():
        command += ["--set", f"{name}={value}"]
    shell = threading.Thread(target=lambda: codes.append(cli.main(command)), daemon=True)
    shell.start()

    queue = Queue(workspace)
    second = until(lambda: runs(queue)[1:2], "runs are queued", 120)[0]
    until(lambda: queue.get(second.id).state is JobState.RUNNING, "the second run trains", 240)
    (beat,) = Heartbeats(workspace).living("worker")
    os.kill(beat.process.pid, signal.SIGKILL)
    shell.join(600)

    assert codes == [0]
    assert queue.get(second.id).deaths == 1
    assert [job.state for job in runs(queue)] == [JobState.FINISHED] * 6
    folder = person.sweep("ranks")
    results = json.loads(folder.results.read_text(encoding="utf-8"))["runs"]
    assert [result["name"] for result in results] == [
        f"network_dim={rank}{seed}" for rank in (2, 4, 8) for seed in ("", " seed 2")
    ]
    for result in results:
        assert (result["steps"], len(result["models"])) == (4, 2), result
        assert result["last_loss"] > 0
    page = folder.page.read_text(encoding="utf-8")
    assert "Equal settings with other seeds differ by up to" in page
    assert "network_dim=8 seed 2" in page
    assert "data:image/png;base64," in page
    assert "http://" not in page.replace("http://www.w3.org", "")

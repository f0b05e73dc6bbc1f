from __future__ import annotations

from pathlib import Path

import pytest

from lib_t2p.actions.runs import environments
from lib_t2p.environment.builder import SetUpProgress
from lib_t2p.environment.diagnosing import EnvFinding
from lib_t2p.environment.sd_scripts import SdScripts
from lib_t2p.environment.set_up_choices import Wish
from lib_t2p.errors import StopRequested
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.queue import Queue
from lib_t2p.worker import environment_jobs
from lib_t2p.worker.job_functions import JOB_FUNCTIONS
from lib_t2p.workspace.person import Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path)


def context_of(workspace: Workspace, kind: str, **params: str) -> JobContext:
    queue = Queue(workspace)
    queue.submit(kind, params, lane="light")
    job = queue.claim(("light",), "test")
    assert job is not None
    return JobContext(job, workspace, queue)


class FakeBuilder:
    """Says one line, then is done."""

    wishes: list[Wish]

    def __init__(self, progress: SetUpProgress) -> None:
        self.progress = progress

    def ensure(self, wish: Wish) -> SdScripts:
        self.progress.line("Installing")
        self.progress.step("stage", "Collecting torch", 3)
        return SdScripts(wish.tag, Path("sd"), Path(wish.python or "python"))


def test_build_tells_its_steps_and_gives_what_it_made(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment_jobs, "SdBuilder", FakeBuilder)
    context = context_of(workspace, "env.build", tag="v0.9.1", python="py")
    assert JOB_FUNCTIONS["env.build"](context) == {"tag": "v0.9.1", "folder": "sd", "python": "py"}
    text = context.folder.events.read_text(encoding="utf-8")
    assert ("Installing" in text, '"done":3' in text) == (True, True)


def test_stop_ends_an_installation_at_its_next_step(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment_jobs, "SdBuilder", FakeBuilder)
    context = context_of(workspace, "env.build", tag="v0.9.1")
    Queue(workspace).request_stop(context.job.id)
    with pytest.raises(StopRequested):
        JOB_FUNCTIONS["env.build"](context)


def test_check_gives_every_finding(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    class Doctor:
        def check(self, name: str) -> list[EnvFinding]:
            return [EnvFinding("ok", name), EnvFinding("fault", "x", "y")]

    monkeypatch.setattr(environment_jobs, "Doctor", Doctor)
    result = JOB_FUNCTIONS["env.check"](context_of(workspace, "env.check", tag="core"))
    assert result == {"findings": [["ok", "core", ""], ["fault", "x", "y"]], "faults": 1}


def test_repair_uses_the_same_wish(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    class Mender:
        def repair(self, wish: Wish) -> SdScripts:
            return SdScripts(wish.tag, Path("sd"), Path(wish.borrow))

    monkeypatch.setattr(environment_jobs, "mender_for", lambda builder: Mender())
    context = context_of(workspace, "env.repair", tag="v0.8.7", borrow="own")
    assert JOB_FUNCTIONS["env.repair"](context)["python"] == "own"


def test_a_package_is_added_by_a_job_of_its_own(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    added: list[tuple[str, str]] = []

    def add_package(package: str, tag: str, _builder: object) -> Path:
        added.append((package, tag))
        return Path("env")

    monkeypatch.setattr(environment_jobs, "add_package", add_package)
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_: None)
    job = environments.submit_environment(workspace, "add", "v0.9.1", package="bitsandbytes")
    other = environments.submit_environment(workspace, "add", "v0.9.1", package="lycoris_lora")
    again = environments.submit_environment(workspace, "add", "v0.9.1", package="bitsandbytes")
    assert job.id == again.id != other.id
    context = context_of(workspace, "env.add", tag="v0.9.1", package="wandb")
    assert JOB_FUNCTIONS["env.add"](context)["package"] in (
        "bitsandbytes",
        "lycoris_lora",
        "wandb",
    )
    assert len(added) == 1


def test_second_press_of_the_button_gives_the_job_that_is_at_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Workspace] = []
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda one, *_: started.append(one))
    first = environments.submit_environment(workspace, "build", "v0.9.1", borrow="own")
    again = environments.submit_environment(workspace, "build", "0.9.1")
    other = environments.submit_environment(workspace, "build", "v0.8.7")
    assert (first.id == again.id, first.id == other.id) == (True, False)
    assert first.params == {"tag": "v0.9.1", "python": "", "borrow": "own"}
    assert started == [workspace, workspace]

from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import save_file

from lib_t2p.jobs.events.events import EventReader, Warned
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.queue import Queue
from lib_t2p.runs.disk.cleaning import remember_after_verdict
from lib_t2p.worker.grid_jobs import tidy_up
from lib_t2p.workspace.person import PersonFolder, Workspace


@pytest.fixture
def person(workspace: Workspace) -> PersonFolder:
    person = workspace.person("ann")
    run = person.run("first")
    run.model.mkdir(parents=True)
    for record in (person.record, run.settings):
        record.write_text("schema = 1\n", encoding="utf-8")
    for epoch in range(1, 7):
        path = run.model / f"e{epoch}.safetensors"
        facts = {"ss_epoch": str(epoch), "ss_steps": str(epoch)}
        save_file({"lora_unet_x.diff": np.zeros(9000, np.float32)}, path, facts)
    return person


@pytest.fixture
def report(workspace: Workspace, person: PersonFolder) -> JobContext:
    queue = Queue(workspace)
    queue.submit("grid.report", {"grid": "g"}, lane="light", person="ann")
    job = queue.claim(["light"], "worker")
    assert job is not None
    return JobContext(job, workspace, queue)


def judged(monkeypatch: pytest.MonkeyPatch, *stems: str) -> None:
    found = [list(stems)] if stems else []
    monkeypatch.setattr("lib_t2p.scores.verdict.verdict.judged_models", lambda _: found)


def notes(context: JobContext) -> list[str]:
    events = EventReader(context.folder.events).read_new()
    return [event.message for event in events if isinstance(event, Warned)]


def left(person: PersonFolder) -> list[str]:
    return sorted(path.stem for path in person.run("first").model.iterdir())


def test_after_a_verdict_the_person_is_told_and_nothing_goes(
    report: JobContext, person: PersonFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(monkeypatch, "e2", "e1", "e4", "e3")
    tidy_up(report, person)
    (note,) = notes(report)
    assert note.startswith("2 saved models were passed over")
    assert "`t2p.py disk clean`" in note
    assert len(left(person)) == 6


def test_what_was_agreed_on_once_is_done_after_each_verdict(
    report: JobContext, person: PersonFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember_after_verdict(report.workspace, agreed=True)
    judged(monkeypatch, "e2", "e1", "e4", "e3")
    tidy_up(report, person)
    assert notes(report)[0].endswith("as you agreed.")
    assert left(person) == ["e1", "e2", "e4", "e6"]


def test_without_anything_passed_over_nobody_is_told(
    report: JobContext, person: PersonFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(monkeypatch)
    tidy_up(report, person)
    assert notes(report) == []

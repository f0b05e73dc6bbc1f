"""A run is checked as a whole before it is queued, in the tab and in the shell alike."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from training_fakes import write_pictures

from lib_t2p.actions.photos.new_people import new_person
from lib_t2p.actions.runs.training_runs import check_run, submit_run
from lib_t2p.cli.__main__ import main
from lib_t2p.errors import InputError, SettingsError
from lib_t2p.files import write_record
from lib_t2p.jobs.events.events import EventReader, Warned
from lib_t2p.jobs.queue import Queue
from lib_t2p.preflight.checks.gathering import MachineFacts
from lib_t2p.workspace.person import Workspace, open_workspace

GOOD: dict[str, Any] = {"reg_data_dir": "", "resolution": "64", "max_train_epochs": 10}
BAD = {"full_fp16": True, "mixed_precision": "fp16", "masked_loss": True}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_: None)
    workspace = open_workspace(tmp_path / "workspace")
    person = new_person(
        workspace,
        name="Ann",
        trigger="ohwx",
        class_word="woman",
        consent="herself",
        now=datetime(2026, 1, 1, tzinfo=timezone.utc),
    )
    dataset = person.dataset(1)
    write_pictures(dataset.img / "10_ohwx woman", [(64, 64)] * 33)
    write_record(dataset.manifest, 1, {})
    return workspace


def test_all_errors_are_refused_at_once_and_nothing_is_queued(
    workspace: Workspace, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError) as refused:
        submit_run(
            workspace,
            "Ann",
            "first",
            recipe="guide-final",
            overrides={**GOOD, **BAD},
            checkpoint=tmp_path / "none.safetensors",
        )
    told = "\n".join(refused.value.faults)
    assert len(refused.value.faults) == 3
    assert "There is no checkpoint" in told
    assert "d x lr" in told
    assert "masked_loss" in told
    assert Queue(workspace).jobs() == []
    assert workspace.person("Ann").runs() == []


def test_warnings_stand_in_the_jobs_events_from_the_start(
    workspace: Workspace, sd15_base: Path
) -> None:
    overrides = {**GOOD, "reg_data_dir": "reg", "save_every_n_epochs": 50}
    _, job = submit_run(
        workspace,
        "Ann",
        "first",
        recipe="guide-final",
        overrides=overrides,
        checkpoint=sd15_base,
    )
    events = EventReader(workspace.job(job.id).events).read_new()
    told = [event.message for event in events if isinstance(event, Warned)]
    assert any("no regularisation images" in message for message in told)
    assert any("only the last is saved" in message for message in told)


def test_a_check_gives_steps_and_forecast_without_starting(
    workspace: Workspace, sd15_base: Path
) -> None:
    checked = check_run(
        workspace,
        "Ann",
        recipe="guide-final",
        overrides=GOOD,
        checkpoint=sd15_base,
        machine=MachineFacts(device="cpu"),
    )
    assert checked.facts.plan is not None
    assert checked.facts.plan.steps == 1100
    assert checked.forecast is not None
    assert checked.forecast.minutes > 0
    assert Queue(workspace).jobs() == []


def test_a_trainer_that_is_not_there_is_named(workspace: Workspace, sd15_base: Path) -> None:
    with pytest.raises(InputError, match="no trainer 'kohya'"):
        check_run(
            workspace,
            "Ann",
            recipe="guide-final",
            overrides=GOOD,
            checkpoint=sd15_base,
            trainer="kohya",
        )


def test_the_shell_names_findings_with_what_to_set(
    workspace: Workspace, sd15_base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--workspace", str(workspace.root), "--checkpoint", str(sd15_base)]
    sets = [f"--set={name}={value}" for name, value in GOOD.items()]
    assert main(["check", "Ann", *where, *sets]) == 0
    good = capsys.readouterr().out
    assert "1100 steps in 10 epochs of 110 batches; 330 pictures x repeats" in good
    assert "This run may start." in good
    bad = ["--set=full_fp16=true", "--set=mixed_precision=fp16"]
    assert main(["check", "Ann", *where, *sets, *bad]) == 1
    told = capsys.readouterr().out
    assert "[full-fp16-adaptive]" in told
    assert "--set full_fp16=false" in told
    assert "refused for 1 error" in told


def test_prompts_of_another_config_are_told_to_name_this_person(
    workspace: Workspace, sd15_base: Path
) -> None:
    def codes(prompts: str) -> set[str]:
        checked = check_run(
            workspace,
            "Ann",
            recipe="guide-final",
            overrides={**GOOD, "sample_prompts": prompts, "sample_every_n_epochs": 1},
            checkpoint=sd15_base,
        )
        return {finding.code for finding in checked.findings}

    assert "sample-person" in codes("photo of (<instance prompt> <instance class>:1.2)")
    assert "sample-person" not in codes("photo of ohwx woman")
    assert "samples-without-prompts" in codes(" ")

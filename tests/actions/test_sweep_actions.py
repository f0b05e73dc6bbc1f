"""Sweeps are planned, queued, paused, gone on with, added to and stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from training_fakes import TINY, make_person

from lib_t2p.actions.sweeps import sweeps
from lib_t2p.actions.sweeps.sweep_request import SweepRequest, sweep_from
from lib_t2p.errors import InputError, SettingsError
from lib_t2p.files import write_text
from lib_t2p.jobs.queue import Job, JobState, Queue
from lib_t2p.runs.runs import read_run
from lib_t2p.runs.trainers.builtin.trainer import BuiltinTrainer
from lib_t2p.sweeps.sweep_folders import made_runs
from lib_t2p.toml_io import dump_toml
from lib_t2p.workspace.people import Person
from lib_t2p.workspace.person import SweepFolder, Workspace, open_workspace

BASE = Path(__file__).resolve().parents[2] / "lib_t2p" / "demo" / "tiny_base"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_: None)
    workspace = open_workspace(tmp_path / "w")
    person = make_person(workspace.root, regs=2)
    who = Person("Ada", "blh", "woman", "herself", "2026-01-01T00:00:00")
    write_text(person.record, dump_toml({"schema": 1, **vars(who)}))
    write_text(person.dataset(1).manifest, "{}")
    write_text(person.dataset(1).heldout / "kept_back.png", "")
    return workspace


def request(**more: Any) -> SweepRequest:
    return SweepRequest(
        checkpoint=str(BASE), recipe="demo", overrides={**TINY, "network_args": []}, **more
    )


def start(workspace: Workspace, **more: Any) -> SweepFolder:
    return sweeps.new_sweep(
        workspace, "ada", request(axes={"network_dim": ["2", "4", "8"]}, name="Ranks", **more)
    )


def runs(workspace: Workspace) -> list[Job]:
    return Queue(workspace).jobs(kind="train.run")


def states(workspace: Workspace) -> list[str]:
    return [job.state.value for job in runs(workspace)]


def end_next(workspace: Workspace, reason: str = "") -> Job:
    queue = Queue(workspace)
    job = queue.claim(["gpu"], "test")
    assert job is not None
    return queue.fail(job.id, reason) if reason else queue.finish(job.id, {})


def test_each_run_is_an_ordinary_run_that_names_its_sweep(workspace: Workspace) -> None:
    place = start(workspace, repeats=2)
    made = [read_run(place.person.run(str(job.params["run"]))) for job in runs(workspace)]
    assert [(run.sweep, run.sweep_run) for run in made][:3] == [
        ("ranks", "network_dim=2"),
        ("ranks", "network_dim=2 seed 2"),
        ("ranks", "network_dim=4"),
    ]
    assert {(run.settings.network_dim, run.settings.seed) for run in made} == {
        (rank, seed) for rank in (2, 4, 8) for seed in (1, 2)
    }
    assert {run.settings.min_snr_gamma for run in made} == {0.0}


def test_the_page_waits_for_all_runs_although_one_fails(workspace: Workspace) -> None:
    place = start(workspace)
    (page,) = sweeps.page_jobs(workspace, place)
    for reason in ("", "out of memory", ""):
        assert Queue(workspace).ready(["light"]) == []
        end_next(workspace, reason)
    assert [job.id for job in Queue(workspace).ready(["light"])] == [page.id]
    found = sweeps.status_of(workspace, "ada", "ranks")
    assert [status.state for status in found] == ["finished", "failed", "finished"]
    assert found[1].reason == "out of memory"


def test_a_paused_sweep_lets_the_training_run_end_and_goes_on_later(workspace: Workspace) -> None:
    start(workspace)
    training = Queue(workspace).claim(["gpu"], "test")
    assert sweeps.pause_sweep(workspace, "ada", "ranks") == 2
    assert states(workspace) == ["running", "stopped", "stopped"]
    assert len(sweeps.continue_sweep(workspace, "ada", "ranks")) == 2
    assert states(workspace) == ["running", "stopped", "stopped", "queued", "queued"]
    assert training is not None
    Queue(workspace).finish(training.id, {})
    assert [s.state for s in sweeps.status_of(workspace, "ada", "ranks")] == [
        "finished",
        "queued",
        "queued",
    ]


def test_going_on_twice_queues_nothing_twice(workspace: Workspace) -> None:
    place = start(workspace)
    assert sweeps.continue_sweep(workspace, "ada", "ranks") == []
    assert len(sweeps.page_jobs(workspace, place)) == 1


def test_a_sweep_whose_submission_was_cut_off_goes_on(workspace: Workspace) -> None:
    place = start(workspace)
    queue = Queue(workspace)
    jobs = runs(workspace)
    for job in (*jobs, *sweeps.page_jobs(workspace, place)):
        queue.request_stop(job.id)
    lost = place.person.run(str(jobs[2].params["run"]))
    lost.settings.unlink()
    assert len(sweeps.continue_sweep(workspace, "ada", "ranks")) == 3
    assert set(made_runs(place).folders) == {f"network_dim={rank}" for rank in (2, 4, 8)}


def test_stopping_reaches_the_run_that_trains_too(workspace: Workspace) -> None:
    start(workspace)
    Queue(workspace).claim(["gpu"], "test")
    assert sweeps.stop_sweep(workspace, "ada", "ranks") == 3
    assert states(workspace) == ["stopping", "stopped", "stopped"]


def test_failed_runs_are_tried_again_only_when_asked(workspace: Workspace) -> None:
    start(workspace)
    end_next(workspace, "out of memory")
    assert sweeps.continue_sweep(workspace, "ada", "ranks") == []
    (again,) = sweeps.continue_sweep(workspace, "ada", "ranks", failed=True)
    assert again.params["run"] == runs(workspace)[0].params["run"]


def test_added_values_train_new_runs_only(workspace: Workspace) -> None:
    start(workspace)
    end_next(workspace)
    added = sweeps.add_to_sweep(workspace, "ada", "ranks", {"network_dim": ["4", "16"]})
    assert [job.params["run"] for job in added] == ["ranks-network_dim-16"]
    assert [s.run.name for s in sweeps.status_of(workspace, "ada", "ranks")] == [
        f"network_dim={rank}" for rank in (2, 4, 8, 16)
    ]


def test_refused_combinations_are_skipped_and_named(workspace: Workspace, tmp_path: Path) -> None:
    missing = tmp_path / "none.safetensors"
    asked = request(axes={"checkpoint": [str(BASE), str(missing)], "network_dim": ["2", "0"]})
    plan = sweeps.forecast_sweep(workspace, "ada", asked)
    assert [p.run.name for p in plan.runs] == ["checkpoint=tiny_base, network_dim=2"]
    assert len(plan.refused) == 3
    sweeps.new_sweep(workspace, "ada", asked)
    assert len(runs(workspace)) == 1
    found = sweeps.status_of(workspace, "ada", "checkpoint-network_dim")
    assert [status.state for status in found] == ["queued", "refused", "refused", "refused"]
    assert "none.safetensors" in found[2].reason


def test_a_sweep_of_which_nothing_can_be_trained_is_refused(workspace: Workspace) -> None:
    with pytest.raises(SettingsError, match=r"(?s)Nothing of this sweep.*network_dim=0:"):
        sweeps.new_sweep(workspace, "ada", request(axes={"network_dim": ["0"]}))
    assert runs(workspace) == []


def test_photo_repeats_train_on_linked_photos(workspace: Workspace) -> None:
    sweeps.new_sweep(workspace, "ada", request(axes={"photo_repeats": ["1", "5"]}, name="reps"))
    person = workspace.person("ada")
    run = read_run(person.run("reps-photo_repeats-5"))
    data = person.dataset(1).root / run.settings.train_data_dir
    (folder,) = data.iterdir()
    assert folder.name == "5_blh woman"
    original = person.dataset(1).img / "1_blh woman" / "photo-0.png"
    assert (folder / "photo-0.png").samefile(original)


def test_threads_reach_the_trainer(workspace: Workspace) -> None:
    sweeps.new_sweep(workspace, "ada", request(axes={"cpu_threads": ["1", "2"]}, name="cpu"))
    folder = workspace.person("ada").run("cpu-cpu_threads-2")
    command = BuiltinTrainer().command(folder, read_run(folder), again=False, environ={})
    assert command.env["OMP_NUM_THREADS"] == "2"


def test_a_name_is_given_and_never_used_twice(workspace: Workspace) -> None:
    first = sweeps.new_sweep(workspace, "ada", request(axes={"network_dim": ["2"]}))
    second = sweeps.new_sweep(workspace, "ada", request(axes={"network_dim": ["2"]}))
    assert (first.id, second.id) == ("network_dim", "network_dim-2")
    assert len({str(job.params["run"]) for job in runs(workspace)}) == 2
    start(workspace)
    with pytest.raises(InputError, match="'ranks' exists already"):
        start(workspace)


@pytest.mark.parametrize("name", ["cropped", "checkpoints", "regularisation"])
def test_a_ready_sweep_of_other_data_says_what_to_give(workspace: Workspace, name: str) -> None:
    with pytest.raises(InputError, match="compares what you give it: --axis"):
        sweep_from(
            workspace, workspace.person("ada"), SweepRequest(checkpoint=str(BASE), ready=name)
        )


def test_an_unknown_dataset_is_named(workspace: Workspace) -> None:
    with pytest.raises(SettingsError, match="has no dataset 7: there are 1"):
        sweep_from(workspace, workspace.person("ada"), request(axes={"dataset": ["1", "7"]}))


def test_every_typed_value_is_there_for_a_host_to_check() -> None:
    asked = SweepRequest("/a", overrides={"vae": "/b"}, axes={"reg_data_dir": ["", "/c"]})
    assert asked.typed_values() == [
        {"checkpoint": "/a"},
        {"vae": "/b"},
        {"reg_data_dir": ""},
        {"reg_data_dir": "/c"},
    ]


def test_a_drawn_seed_is_shared_by_all_runs(workspace: Workspace) -> None:
    asked = request(axes={"network_dim": ["2", "4"]})
    asked.overrides["seed"] = ""  # type: ignore[index]
    sweep = sweep_from(workspace, workspace.person("ada"), asked)
    assert isinstance(sweep.base.settings["seed"], int)


def test_a_run_made_for_a_sweep_is_queued_with_its_state(workspace: Workspace) -> None:
    start(workspace)
    assert {job.state for job in runs(workspace)} == {JobState.QUEUED}
    assert {job.lane for job in runs(workspace)} == {"gpu"}

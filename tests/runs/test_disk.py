from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from lib_t2p.jobs.processes.processes import current_process
from lib_t2p.jobs.queue import Queue
from lib_t2p.lora.trial import FOLDER as TRIAL
from lib_t2p.lora.trial import install_trial
from lib_t2p.runs.adopting import Launched, write_launched
from lib_t2p.runs.disk.cleaning import clean, cleans_after_verdict, remember_after_verdict
from lib_t2p.runs.disk.folder_sizes import disk_use, megabytes
from lib_t2p.runs.disk.removal import Removal, removals
from lib_t2p.runs.runs import saved_models
from lib_t2p.workspace.person import PersonFolder, RunFolder, Workspace, open_workspace

NOW = 2_000_000_000.0
EPOCHS = 8
VERDICT = [f"t2p_ann_first_e{epoch:02d}" for epoch in (5, 3, 6, 2, 4)]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "workspace")


@pytest.fixture
def person(workspace: Workspace) -> PersonFolder:
    person = workspace.person("ann")
    person.photos.mkdir(parents=True)
    (person.photos / "one.jpg").write_bytes(b"x" * 1000)
    person.record.write_text("schema = 1\n")
    return person


@pytest.fixture
def run(person: PersonFolder) -> RunFolder:
    run = person.run("first")
    run.model.mkdir(parents=True)
    run.settings.write_text("schema = 1\n")
    for epoch in range(1, EPOCHS + 1):
        save_file(
            {"lora_unet_x.diff": np.full(100, epoch, np.float32)},
            run.model / f"t2p_ann_first_e{epoch:02d}.safetensors",
            {"ss_epoch": str(epoch), "ss_steps": str(epoch * 10)},
        )
    return run


def may_go(workspace: Workspace, *kinds: str, verdicts: object = (VERDICT,)) -> list[Removal]:
    found = removals(workspace, {"ann": verdicts}, NOW)  # type: ignore[dict-item]
    return [one for one in found if one.kind in kinds]


def stems(found: list[Removal]) -> set[str]:
    return {one.paths[0].stem[-3:] for one in found}


def test_before_a_verdict_every_model_stays(workspace: Workspace, run: RunFolder) -> None:
    assert may_go(workspace, "models", verdicts=()) == []
    assert may_go(workspace, "models", verdicts=([["of-another-run"]])) == []


def test_after_it_the_best_three_and_the_last_stay(workspace: Workspace, run: RunFolder) -> None:
    assert stems(may_go(workspace, "models")) == {"e01", "e02", "e04", "e07"}


def test_what_one_verdict_keeps_no_other_takes(workspace: Workspace, run: RunFolder) -> None:
    second = [f"t2p_ann_first_e{epoch:02d}" for epoch in (1, 2, 4)]
    assert stems(may_go(workspace, "models", verdicts=(VERDICT, second))) == {"e07"}


def test_a_model_goes_with_its_link_under_trial(workspace: Workspace, run: RunFolder) -> None:
    for model in saved_models(run):
        install_trial(model.path, workspace.loras, model.stem)
    plan = may_go(workspace, "models")
    assert stems(plan) == {"e01", "e02", "e04", "e07"}
    # One file with two names frees its bytes once.
    assert plan[0].size == plan[0].paths[0].stat().st_size
    clean(plan, may_go(workspace, "models"))
    left = {path.stem[-3:] for path in (workspace.loras / TRIAL).iterdir()}
    assert left == {m.stem[-3:] for m in saved_models(run)} == {"e03", "e05", "e06", "e08"}


def test_a_copy_under_trial_counts_for_itself(workspace: Workspace, run: RunFolder) -> None:
    model = saved_models(run)[0]
    copy = workspace.loras / TRIAL / model.path.name
    copy.parent.mkdir(parents=True)
    shutil.copyfile(model.path, copy)
    first = may_go(workspace, "models")[0]
    assert first.paths == (model.path, copy)
    assert first.size == 2 * copy.stat().st_size


@pytest.mark.parametrize("where", ["kept", "elsewhere"])
def test_a_chosen_model_stays(workspace: Workspace, run: RunFolder, where: str) -> None:
    model = saved_models(run)[0]
    install_trial(model.path, workspace.loras, model.stem)
    chosen = {
        "kept": workspace.loras / "t2p" / model.path.name,
        "elsewhere": workspace.root / "my favourite.safetensors",
    }[where]
    os.link(model.path, chosen)
    assert stems(may_go(workspace, "models")) == {"e02", "e04", "e07"}


def test_nothing_of_a_run_at_work_goes(workspace: Workspace, run: RunFolder) -> None:
    (run.states / "step-00000001").mkdir(parents=True)
    (run.states / "step-00000002").mkdir()
    job = Queue(workspace).submit(
        "train.run", {"person": "ann", "run": "first"}, lane="gpu", person="ann"
    )
    assert may_go(workspace, "models", "states") == []
    Queue(workspace).finish(job.id, {})
    assert may_go(workspace, "models", "states") != []
    write_launched(run, Launched(current_process(), 0, 0))
    assert may_go(workspace, "models", "states") == []


def test_no_model_goes_while_a_grid_of_the_person_is_painted(
    workspace: Workspace, run: RunFolder
) -> None:
    queue = Queue(workspace)
    job = queue.submit("grid.report", {"grid": "g"}, lane="light", person="ann")
    assert may_go(workspace, "models") == []
    # The report itself asks what its verdict passed over.
    assert removals(workspace, {"ann": [VERDICT]}, NOW, overlooked=job.id) != []


def test_only_the_last_state_is_kept(workspace: Workspace, run: RunFolder) -> None:
    for number, name in enumerate(("b-000001-state", "a-state", "step-00000010")):
        folder = run.states / name
        folder.mkdir(parents=True)
        (folder / "optimizer.bin").write_bytes(b"x" * 500)
        os.utime(folder, (1000 + number, 1000 + number))
    plan = may_go(workspace, "states")
    assert [one.paths[0].name for one in plan] == ["a-state", "b-000001-state"]
    assert {one.size for one in plan} == {500}
    assert len(clean(plan, plan).removed) == 2
    assert [path.name for path in run.states.iterdir()] == ["step-00000010"]


def test_cached_latents_go_and_pictures_stay(workspace: Workspace, person: PersonFolder) -> None:
    dataset = person.dataset(1)
    folder = dataset.img / "10_ann woman"
    folder.mkdir(parents=True)
    dataset.manifest.write_text("{}")
    (folder / "001.png").write_bytes(b"x" * 10)
    (folder / "001_0512x0512_sd.npz").write_bytes(b"x" * 300)
    plan = may_go(workspace, "latents")
    assert [(one.what, one.size) for one in plan] == [("1 cached files of dataset 1", 300)]
    clean(plan, plan)
    assert [path.name for path in folder.iterdir()] == ["001.png"]


def test_of_the_cache_only_old_files_go_and_never_measurements(workspace: Workspace) -> None:
    for name, days in (("old.bin", 31), ("new.bin", 29), ("measurements.jsonl", 99)):
        path = workspace.cache / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        os.utime(path, (NOW - days * 86400, NOW - days * 86400))
    (plan,) = may_go(workspace, "cache")
    assert [path.name for path in plan.paths] == ["old.bin"]


def test_what_came_into_use_meanwhile_stays(workspace: Workspace, run: RunFolder) -> None:
    plan = may_go(workspace, "models")
    cleaned = clean(plan, plan[1:])
    assert cleaned.removed == tuple(plan[1:])
    assert cleaned.size == sum(one.size for one in plan[1:])
    assert cleaned.stayed == (f"ann first {plan[0].what} stays: it has changed or is in use.",)
    assert plan[0].paths[0].exists()


def test_the_use_tells_each_kind_and_counts_a_linked_file_once(
    workspace: Workspace, run: RunFolder, tmp_path: Path
) -> None:
    for model in saved_models(run):
        install_trial(model.path, workspace.loras, model.stem)
    state = run.states / "step-00000001"
    state.mkdir(parents=True)
    (state / "training.pt").write_bytes(b"x" * 700)
    environments = tmp_path / ".envs"
    (environments / "core").mkdir(parents=True)
    (environments / "core" / "torch.so").write_bytes(b"x" * 900)
    found = {(u.person, u.run, u.kind): u.size for u in disk_use(workspace, environments)}
    models = sum(model.path.stat().st_size for model in saved_models(run))
    assert found["ann", "first", "models"] == models
    assert found["ann", "first", "states"] == 700
    assert found["ann", "", "photos"] == 1000
    assert found["", "", "environments"] == 900
    assert ("", "", "models under test") not in found


def test_an_answer_for_all_verdicts_is_remembered(workspace: Workspace) -> None:
    assert not cleans_after_verdict(workspace)
    remember_after_verdict(workspace, agreed=True)
    assert cleans_after_verdict(workspace)
    workspace.retention.write_text("damaged")
    assert not cleans_after_verdict(workspace)


@pytest.mark.parametrize(
    ("size", "text"), [(500, "0 kB"), (3 * 1024, "3 kB"), (1_500_000_000, "1,431 MB")]
)
def test_sizes_are_told_for_people(size: int, text: str) -> None:
    assert megabytes(size) == text

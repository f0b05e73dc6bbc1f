from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from lib_t2p.actions.deleting import belongings, delete_person
from lib_t2p.actions.people import new_person
from lib_t2p.dataset.importing import import_photos
from lib_t2p.errors import InputError
from lib_t2p.jobs.queue import Queue
from lib_t2p.jobs.reporter import SilentReporter
from lib_t2p.workspace import PersonFolder, Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "workspace")


def someone(workspace: Workspace, name: str) -> PersonFolder:
    return new_person(
        workspace,
        name=name,
        trigger="tok",
        class_word="woman",
        consent="herself",
        now=datetime(2026, 1, 2, tzinfo=timezone.utc),
    )


def photo(path: Path, seed: int) -> Path:
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 255, (32, 32, 3)).astype(np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def lora(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({"a": np.zeros(1, np.float32)}, path)
    path.with_suffix(".json").write_text("{}")
    return path


def test_everything_of_a_person_goes_and_nothing_of_others(
    workspace: Workspace, tmp_path: Path
) -> None:
    ada, eve = someone(workspace, "Ada"), someone(workspace, "Eve")
    original = photo(tmp_path / "roll" / "a.png", 1)
    import_photos(ada, [original], SilentReporter())
    import_photos(eve, [photo(tmp_path / "roll2" / "b.png", 2)], SilentReporter())
    job = Queue(workspace).submit("dataset.import", {}, lane="light", person="ada")
    Queue(workspace).request_stop(job.id)
    hers = lora(workspace.loras / "t2p" / "t2p_ada_first_e01.safetensors")
    kept = lora(workspace.loras / "t2p" / "t2p_ada_first_e02.safetensors")
    other = lora(workspace.loras / "t2p" / "t2p_eve_first_e01.safetensors")

    listed = belongings(workspace, "ada")
    assert {one.path for one in listed if one.optional} == {hers, kept}
    assert ada.photos in {one.path for one in listed}
    assert delete_person(workspace, "ada", loras=[hers]) == []

    assert not ada.root.exists()
    assert original.exists()
    assert not hers.exists()
    assert not hers.with_suffix(".json").exists()
    assert kept.exists()
    assert other.exists()
    assert [folder.slug for folder in workspace.people()] == ["eve"]
    assert len(list(eve.photos.iterdir())) == 1
    assert not workspace.job(job.id).root.exists()
    assert Queue(workspace).jobs() == []


def test_a_person_at_work_is_not_deleted(workspace: Workspace) -> None:
    ada = someone(workspace, "Ada")
    Queue(workspace).submit("dataset.import", {}, lane="light", person="ada")
    with pytest.raises(InputError, match="stop them first"):
        delete_person(workspace, "ada")
    assert ada.record.exists()


def test_a_lora_of_somebody_else_is_not_deleted(workspace: Workspace) -> None:
    someone(workspace, "Ada")
    other = lora(workspace.loras / "t2p_eve_first_e01.safetensors")
    with pytest.raises(InputError, match="no LoRA of ada"):
        delete_person(workspace, "ada", loras=[other])
    assert other.exists()


def test_uploads_that_another_persons_import_still_reads_are_kept(workspace: Workspace) -> None:
    someone(workspace, "Ada")
    someone(workspace, "Eve")
    upload = photo(workspace.uploads / "eve.png", 3)
    queue = Queue(workspace)
    job = queue.submit("dataset.import", {}, lane="light", person="eve")
    with pytest.raises(InputError, match="Uploaded photos of eve"):
        delete_person(workspace, "ada")
    assert upload.exists()
    queue.request_stop(job.id)
    assert delete_person(workspace, "ada") == []
    assert not upload.exists()

from __future__ import annotations

import json
import shutil
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from lib_t2p.actions.photos.deleting import belongings, delete_person
from lib_t2p.actions.photos.new_people import new_person
from lib_t2p.dataset.importing import import_photos
from lib_t2p.errors import InputError
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.jobs.notices import recent_notices, tell
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace.person import PersonFolder, Workspace, open_workspace


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


def all_bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def test_no_copy_of_the_queue_no_notice_and_no_stray_folder_names_a_deleted_person(
    workspace: Workspace,
) -> None:
    slug = someone(workspace, "Zoë Quill").slug
    someone(workspace, "Eve")
    queue = Queue(workspace)
    theirs = queue.submit("dataset.build", {"person": slug}, lane="light", person=slug)
    eves = queue.submit("dataset.build", {"person": "eve"}, lane="light", person="eve")
    queue.request_stop(theirs.id, "now")
    queue.request_stop(eves.id, "now")
    folder = workspace.job(theirs.id).root
    shutil.copytree(folder, folder.with_name(f"{theirs.id} (copy)"))
    broken = workspace.jobs / "broken"
    broken.mkdir()
    (broken / "job.json").write_text(f'{{"person": {json.dumps(slug)}, ')
    (workspace.jobs / "eves").mkdir()
    (workspace.jobs / "eves" / "job.json").write_text('{"person": "eve", ', encoding="utf-8")
    for ending in ("damaged-1", "damaged-1-wal", "damaged-2", "schema3-1"):
        workspace.database.with_name(f"t2p.sqlite.{ending}").write_bytes(slug.encode())
    own = workspace.database.with_name("t2p.sqlite.my-own-backup")
    own.write_bytes(b"of eve")
    tell(workspace, f"The job.json of job {theirs.id} was damaged.")
    tell(workspace, "Photos of Zoë Quill were odd.")
    tell(workspace, "Photos of Eve were odd.")

    kinds = [one.kind for one in belongings(workspace, slug)]
    assert (kinds.count("database"), kinds.count("notices"), kinds.count("job")) == (4, 1, 3)
    assert delete_person(workspace, slug) == []

    left = all_bytes(workspace.root)
    assert [word for word in (slug, "Zoë Quill", theirs.id) if word.encode() in left] == []
    assert own.exists()
    assert [one.text for one in recent_notices(workspace, time.time())] == [
        "Photos of Eve were odd."
    ]
    assert [job.id for job in Queue(workspace).jobs()] == [eves.id]
    assert (workspace.jobs / "eves").is_dir()


def test_a_person_of_whom_something_could_not_be_removed_can_be_deleted_once_more(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = someone(workspace, "Ada")
    photo(ada.photos / "a.png", 1)
    remove = shutil.rmtree

    def held(path: Path, **options: Any) -> None:
        if Path(path) == ada.photos:
            raise OSError(32, "it is used by another program")
        remove(path, **options)

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", held)
        assert "used by another program" in delete_person(workspace, "ada")[0]
    assert [folder.slug for folder in workspace.people()] == ["ada"]
    assert delete_person(workspace, "ada") == []
    assert not ada.root.exists()

"""What was uploaded lies in the person's folder after its import, and nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.queue import Queue
from lib_t2p.worker.job_functions import JOB_FUNCTIONS
from lib_t2p.workspace.person import Workspace
from lib_t2p.workspace.uploads import waiting_folder


@pytest.mark.parametrize("kind", ["dataset.import", "dataset.class_photos"])
def test_imported_uploads_are_forgotten(workspace: Workspace, tmp_path: Path, kind: str) -> None:
    folder = waiting_folder(workspace) / "taken"
    good, bad = folder / "0" / "Zoë.png", folder / "1" / "broken.png"
    for path in (good, bad, own := tmp_path / "own.png"):
        path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (64, 64), (9, 8, 7)).save(good)
    Image.new("RGB", (64, 64), (1, 2, 3)).save(own)
    bad.write_bytes(b"no picture")
    result = imported(workspace, kind, [good, bad, own])
    assert (result["added"], [name for name, _ in result["failed"]]) == (2, ["broken.png"])
    assert list(waiting_folder(workspace).iterdir()) == []
    assert own.exists()
    person = workspace.person("ada")
    photos = (person.photos if kind == "dataset.import" else person.class_photos.photos).iterdir()
    assert sorted(photo.name for photo in photos) == ["own.png", "zoë.png"]


def imported(workspace: Workspace, kind: str, sources: list[Path]) -> dict[str, Any]:
    queue = Queue(workspace)
    params = {"person": "ada", "sources": [str(source) for source in sources]}
    queue.submit(kind, params, lane="light", person="ada")
    job = queue.claim(["light"], "test")
    assert job
    return JOB_FUNCTIONS[kind](JobContext(job, workspace, queue))

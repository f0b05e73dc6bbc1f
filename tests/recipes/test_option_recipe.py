"""The recipe "a training option" of CONTRIBUTING.md: one field, and every place shows it.

Settings are made of their groups when they are imported, so the field is added in a process of its
own, before that.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ADDED = """
import json, sys
from dataclasses import dataclass
from pathlib import Path
import lib_t2p.settings.options.loss as loss
from lib_t2p.settings.options.option import option

@dataclass(frozen=True)
class WithToys(loss.LossOptions):
    toy_strength: float | None = option(
        None, "Toy strength", "How much toys count.", minimum=0.0, maximum=2.0, level="simple"
    )

loss.LossOptions = WithToys
"""
SHELL = """
from lib_t2p.cli.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
FACTS = """
from ui_fakes import FakeHost, Page
from lib_t2p.errors import SettingsError
from lib_t2p.hosts.standalone.studio_page import studio_page
from lib_t2p.settings import settings_from, to_sd_scripts
from lib_t2p.settings.kohya import read_config
from lib_t2p.ui.job_activity import JobWatch
from lib_t2p.workspace import open_workspace

def refused():
    try:
        settings_from({"toy_strength": 3})
    except SettingsError as error:
        return error.faults

host = FakeHost(open_workspace(Path(sys.argv[1])))
page = studio_page(host, JobWatch(host.workspace))
print(json.dumps({
    "form": [b.label for b in page.blocks.values() if b.elem_id == "t2p_train_toy_strength"],
    "refused": refused(),
    "trained": to_sd_scripts(settings_from({"toy_strength": 0.5}), "sd-scripts-v0.9.1", "sd15"),
    "read": read_config(Path(sys.argv[2])).values,
}))
"""


def run(program: str, *arguments: str) -> str:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", ADDED + program, *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(root / "tests/helpers")])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recipe that the shell wrote, with the toy option in it."""
    gui = tmp_path_factory.mktemp("files") / "gui.json"
    gui.write_text(json.dumps({"toy_strength": 0.5, "pretrained_model_name_or_path": ""}))
    written = gui.with_name("own.toml")
    run(SHELL, "config", "convert", str(gui), str(written), "--kind", "recipe")
    return written


@pytest.fixture(scope="module")
def facts(recipe: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(FACTS, str(tmp_path_factory.mktemp("w")), str(recipe)))
    return found


def test_the_form_has_a_field_for_it(facts: dict[str, Any]) -> None:
    assert facts["form"] == ["Toy strength"]


def test_its_range_is_checked(facts: dict[str, Any]) -> None:
    (fault,) = facts["refused"]
    assert "toy_strength" in fault and "2" in fault


def test_sd_scripts_is_told(facts: dict[str, Any]) -> None:
    assert facts["trained"]["toy_strength"] == 0.5


def test_it_goes_through_kohyas_json_and_a_recipe(facts: dict[str, Any], recipe: Path) -> None:
    assert "toy_strength = 0.5" in recipe.read_text(encoding="utf-8")
    assert facts["read"]["toy_strength"] == 0.5
    back = recipe.with_name("back.json")
    run(SHELL, "config", "convert", str(recipe), str(back))
    assert json.loads(back.read_text(encoding="utf-8"))["toy_strength"] == 0.5


def test_the_shell_and_the_page_of_options_list_it() -> None:
    told = run(SHELL, "config", "options")
    assert "toy_strength" in told and "Toy strength: How much toys count." in told
    assert "toy_strength" in run(SHELL, "config", "options", "--markdown")

"""Building the core from the page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import psutil
import pytest

from lib_t2p.environment.definitions import CORE, Paths
from lib_t2p.environment.stamps import write_stamp
from lib_t2p.hosts.webui.setting_up import SettingUp
from lib_t2p.jobs.processes.processes import ProcessRecord
from lib_t2p.platforms import venv_python
from lib_t2p.workspace.person import open_workspace


class Launcher:
    """Remembers what was to be started; the process is this one, or one that is dead."""

    def __init__(self, *, lives: bool) -> None:
        self.calls: list[dict[str, Any]] = []
        self.lives = lives

    def __call__(self, argv: list[str], **given: Any) -> ProcessRecord:
        self.calls.append({"argv": argv, **given})
        given["stdout"].parent.mkdir(parents=True, exist_ok=True)
        given["stdout"].write_text("Installing torch ...\nCollecting größe\n", encoding="utf-8")
        created = psutil.Process().create_time() if self.lives else 1.0
        return ProcessRecord(os.getpid(), created, tuple(argv))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An extension's folder with requirement files and nothing built."""
    folder = tmp_path / "an extension" / "requirements"
    folder.mkdir(parents=True)
    for stage in CORE.stages:
        (folder / stage.requirements).write_text("six==1.16.0\n", encoding="utf-8")
    return folder.parent


def setting_up(tmp_path: Path, root: Path, launcher: Launcher) -> SettingUp:
    return SettingUp(open_workspace(tmp_path / "w"), root, launcher)


def test_it_is_told_how_far_it_is(tmp_path: Path, root: Path) -> None:
    launcher = Launcher(lives=True)
    one = setting_up(tmp_path, root, launcher)
    assert (one.state(), one.last_line()) == ("missing", "")
    one.start()
    assert (one.state(), one.last_line()) == ("running", "Collecting größe")
    python = venv_python(Paths(root, CORE).folder)
    python.parent.mkdir(parents=True)
    python.touch()
    write_stamp(Paths(root, CORE))
    assert one.state() == "ready"


def test_a_second_click_starts_no_second_one(tmp_path: Path, root: Path) -> None:
    launcher = Launcher(lives=True)
    setting_up(tmp_path, root, launcher).start()
    setting_up(tmp_path, root, launcher).start()
    assert len(launcher.calls) == 1


def test_after_a_failure_it_can_be_started_again(tmp_path: Path, root: Path) -> None:
    launcher = Launcher(lives=False)
    one = setting_up(tmp_path, root, launcher)
    one.start()
    assert one.state() == "failed"
    one.start()
    assert len(launcher.calls) == 2


def test_the_hosts_own_packages_are_out_of_reach(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "the/webui")
    launcher = Launcher(lives=True)
    setting_up(tmp_path, root, launcher).start()
    call = launcher.calls[0]
    assert "PYTHONPATH" not in call["env"]
    assert call["argv"][1:] == [str(root / "t2p.py"), "env", "build", "core"]

from __future__ import annotations

import plistlib
import shutil
import subprocess
from pathlib import Path

import pytest

from lib_t2p.cli import __main__ as cli
from lib_t2p.errors import SetupError
from lib_t2p.jobs.autostart import (
    autostart_of,
    install_autostart,
    planned,
    uninstall_autostart,
)
from lib_t2p.platforms import has_login_start, login_start
from lib_t2p.workspace.person import Workspace, open_workspace

ODD = '/home/Zoë/my 100% "best" $HOME\\pictures; rm -rf \n~'
VARIABLES = {"PYTHONPATH": "/opt/50% off $x"}


def test_systemd_gets_every_word_quoted(tmp_path: Path) -> None:
    start = login_start(
        "t2p", ["/usr/bin/python", ODD], VARIABLES, "linux", home=tmp_path, environ={}
    )
    assert start.path == tmp_path / ".config/systemd/user/t2p.service"
    assert start.link == (
        tmp_path / ".config/systemd/user/default.target.wants/t2p.service",
        "../t2p.service",
    )
    lines = start.content.decode().splitlines()
    quoted = r'"/home/Zoë/my 100%% \"best\" $$HOME\\pictures; rm -rf \n~"'
    assert f'ExecStart="/usr/bin/python" {quoted}' in lines
    assert 'Environment="PYTHONPATH=/opt/50%% off $x"' in lines
    # systemd would else kill the worker as soon as the command that starts it has ended.
    assert "KillMode=process" in lines


def test_systemds_own_folder_for_settings_is_used(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "x")}
    start = login_start("t2p", ["a"], {}, "linux", home=tmp_path, environ=environ)
    assert start.path == tmp_path / "x/systemd/user/t2p.service"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
def test_systemd_itself_accepts_the_unit(tmp_path: Path) -> None:
    start = login_start("t2p", ["/bin/true", ODD], VARIABLES, "linux", home=tmp_path, environ={})
    start.path.parent.mkdir(parents=True)
    start.path.write_bytes(start.content)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", str(start.path)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert "t2p.service" not in done.stderr


def test_macos_gets_the_words_as_they_are(tmp_path: Path) -> None:
    start = login_start("t2p", ["python", ODD], VARIABLES, "darwin", home=tmp_path, environ={})
    assert start.path == tmp_path / "Library/LaunchAgents/t2p.plist"
    assert start.link is None
    agent = plistlib.loads(start.content)
    assert agent["ProgramArguments"] == ["python", ODD]
    assert agent["EnvironmentVariables"] == VARIABLES
    assert agent["RunAtLoad"] is True
    assert agent["AbandonProcessGroup"] is True


def test_windows_gets_a_batch_file_in_utf8(tmp_path: Path) -> None:
    environ = {"APPDATA": str(tmp_path / "Roaming")}
    argv = ["C:\\Zoë & Co\\100%\\python.exe", "-m", "lib_t2p.cli"]
    start = login_start("t2p", argv, VARIABLES, "win32", home=tmp_path, environ=environ)
    folder = "Roaming/Microsoft/Windows/Start Menu/Programs/Startup"
    assert start.path == tmp_path / folder / "t2p.cmd"
    assert start.content.decode().split("\r\n") == [
        "@echo off",
        "chcp 65001 >nul",
        'set "PYTHONPATH=/opt/50%% off $x"',
        '"C:\\Zoë & Co\\100%%\\python.exe" "-m" "lib_t2p.cli"',
        "",
    ]


def test_only_a_system_without_systemd_cannot(tmp_path: Path) -> None:
    assert has_login_start("win32", tmp_path)
    assert has_login_start("darwin", tmp_path)
    assert not has_login_start("linux", tmp_path)
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    assert has_login_start("linux", tmp_path)


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_what_was_installed_is_seen_and_taken_back(
    workspace: Workspace, tmp_path: Path, platform: str
) -> None:
    home = tmp_path / "home"
    start = login_start("t2p", ["a", "b"], {}, platform, home=home, environ={})
    assert not autostart_of(workspace, start).installed
    for _ in range(2):
        installed = install_autostart(workspace, start, lambda: True)
        assert (installed.installed, installed.current) == (True, True)
    start.path.write_bytes(b"of an older version")
    assert not autostart_of(workspace, start).current
    assert start.path in uninstall_autostart(workspace, start)
    assert [path for path in home.rglob("*") if not path.is_dir()] == []
    assert uninstall_autostart(workspace, start) == []


def test_a_system_that_cannot_is_told_the_command(workspace: Workspace) -> None:
    with pytest.raises(SetupError, match=r"no systemd.*-m lib_t2p\.cli worker start --workspace"):
        install_autostart(workspace, supported=lambda: False)


def test_each_workspace_has_a_file_of_its_own(tmp_path: Path) -> None:
    one, two = (planned(open_workspace(tmp_path / name)) for name in ("a", "b"))
    assert one.path != two.path


def test_the_shell_says_what_it_wrote_and_how_to_undo_it(
    workspace: Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    start = login_start("t2p", ["a"], {}, home=tmp_path, environ={})
    monkeypatch.setattr("lib_t2p.jobs.autostart.planned", lambda _: start)
    monkeypatch.setattr(
        "lib_t2p.jobs.autostart.install_autostart.__defaults__", (None, lambda: True)
    )
    where = ("--workspace", str(workspace.root))
    assert cli.main(["worker", "status", *where]) == 0
    assert "`t2p.py worker install`" in capsys.readouterr().out
    assert cli.main(["worker", "install", *where]) == 0
    said = capsys.readouterr().out
    assert str(start.path) in said
    assert "uninstall" in said
    assert cli.main(["worker", "status", *where]) == 0
    assert str(start.path) in capsys.readouterr().out
    assert cli.main(["worker", "uninstall", *where]) == 0
    assert f"removed {start.path}" in capsys.readouterr().out
    assert cli.main(["worker", "start", *where]) == 0
    assert "nothing to do" in capsys.readouterr().out

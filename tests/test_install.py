"""install.py, preload.py and the script, called as the WebUI calls them."""

from __future__ import annotations

import argparse
import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import install
import preload

HOST_MODULES = {"launch", "modules", "webui", "modules_forge", "extensions_builtin"}


@pytest.fixture
def host(tmp_path: Path, root: Path) -> Path:
    """A stand-in WebUI whose `launch` must not be imported, with us among its extensions."""
    webui = tmp_path / "webui"
    (webui / "modules").mkdir(parents=True)
    (webui / "modules" / "__init__.py").touch()
    (webui / "launch.py").write_text("raise SystemExit('launch was imported')", encoding="utf-8")
    (webui / "webui.py").write_text("raise SystemExit('webui was imported')", encoding="utf-8")
    (webui / "extensions").mkdir()
    (webui / "extensions" / "text-to-person").symlink_to(root, target_is_directory=True)
    return webui


def run_in_host(host: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the WebUI's folder with its root on the path."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=host,
        env={**os.environ, "PYTHONPATH": str(host)},
        check=False,
        capture_output=True,
        text=True,
    )


def run_script(host: Path, callbacks: str) -> subprocess.CompletedProcess[str]:
    """Load scripts/text_to_person.py as the WebUI does: our folder on the path meanwhile."""
    (host / "modules" / "script_callbacks.py").write_text(callbacks, encoding="utf-8")
    extension = host / "extensions" / "text-to-person"
    program = (
        "import runpy, sys\n"
        f"sys.path.insert(0, {str(extension)!r})\n"
        f"runpy.run_path({str(extension / 'scripts' / 'text_to_person.py')!r})\n"
        "print('the WebUI goes on')\n"
    )
    return run_in_host(host, "-c", program)


def test_install_is_silent_and_touches_nothing_of_the_host(host: Path) -> None:
    done = run_in_host(host, str(host / "extensions" / "text-to-person" / "install.py"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_no_file_of_ours_is_named_like_a_hosts_module(root: Path) -> None:
    ours = {p.stem for p in root.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()}
    assert ours & (HOST_MODULES | set(sys.stdlib_module_names)) == set()


def test_our_scripts_folder_is_no_package(root: Path) -> None:
    assert not (root / "scripts" / "__init__.py").exists()


def test_hosts_modules_win_with_both_folders_on_the_path(host: Path) -> None:
    extension = host / "extensions" / "text-to-person"
    program = (
        f"import sys; sys.path.insert(0, {str(extension)!r})\n"
        "import importlib.util as util\n"
        "for name in ('launch', 'modules', 'webui'): print(util.find_spec(name).origin)\n"
    )
    origins = run_in_host(host, "-c", program).stdout.splitlines()
    assert origins == [
        str(host / "launch.py"),
        str(host / "modules" / "__init__.py"),
        str(host / "webui.py"),
    ]


@pytest.mark.parametrize("name", ["install.py", "preload.py", "scripts/text_to_person.py"])
def test_nothing_is_imported_from_the_host(root: Path, name: str) -> None:
    tree = ast.parse((root / name).read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported & HOST_MODULES == set()


def test_missing_package_is_installed_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []

    def run(argv: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        calls.append(argv)
        return subprocess.CompletedProcess(argv, 0)

    monkeypatch.setattr(install, "is_satisfied", lambda: False)
    monkeypatch.setattr(install.subprocess, "run", run)
    install.main()
    assert len(calls) == 1
    assert calls[0][-1] == install.REQUIREMENT
    assert "--no-deps" in calls[0]


def test_without_a_network_one_sentence_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(argv: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(argv, 1)

    monkeypatch.setattr(install, "is_satisfied", lambda: False)
    monkeypatch.setattr(install.subprocess, "run", run)
    install.main()
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert install.REQUIREMENT in said


def test_flags_are_added_to_the_hosts_parser() -> None:
    parser = argparse.ArgumentParser()
    preload.preload(parser)
    args = parser.parse_args(["--t2p-workspace", "w", "--t2p-sd-scripts-dir", "s"])
    assert (args.t2p_workspace, args.t2p_sd_scripts_dir) == ("w", "s")
    assert parser.parse_args([]).t2p_workspace is None


def test_script_registers_one_tab(host: Path) -> None:
    callbacks = (
        "def on_ui_tabs(tab): print([entry[1:] for entry in tab()])\n"
        "def on_before_ui(callback): pass\n"
        "def on_cfg_denoiser(callback): pass\n"
    )
    done = run_script(host, callbacks)
    assert done.stdout.splitlines()[-2:] == [
        "[('Text to Person', 't2p')]",
        "the WebUI goes on",
    ]


@pytest.mark.parametrize("callbacks", ["raise RuntimeError('another WebUI')", "", "import nowhere"])
def test_script_does_no_harm_in_a_host_it_does_not_know(host: Path, callbacks: str) -> None:
    done = run_script(host, callbacks)
    assert (done.returncode, done.stdout) == (0, "the WebUI goes on\n")
    assert "goes on without it" in done.stderr


def test_script_does_no_harm_when_our_package_is_missing(host: Path, root: Path) -> None:
    script = host / "text_to_person.py"
    script.write_bytes((root / "scripts" / "text_to_person.py").read_bytes())
    done = run_in_host(host, "-c", f"import runpy; runpy.run_path({str(script)!r}); print('on')")
    assert (done.returncode, done.stdout) == (0, "on\n")
    assert "Text to Person is off" in done.stderr

"""install.py with the host's Python, then the set-up button: what the host's packages become.

With T2P_WHOLE_SETUP=1 the button installs the real packages, which are gigabytes.
"""

from __future__ import annotations

import os
import subprocess
import sysconfig
import time
from pathlib import Path

import pytest
from asking_webui import press
from real_webui import Webui, copy_extension, packages, start, stop
from story import LIMIT_SECONDS, wait_for

from lib_t2p.environment.definitions import CORE, Paths
from lib_t2p.environment.stamps import is_ready
from lib_t2p.hosts.webui.setting_up import SettingUp
from lib_t2p.platforms import venv_python
from lib_t2p.workspace.person import open_workspace

pytestmark = [pytest.mark.host, pytest.mark.slow]
WHOLE_SECONDS = 3600.0
"""Of the real packages: as long as they take to be fetched."""


def site_packages(python: Path) -> Path:
    """Where an interpreter keeps its packages."""
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    told = subprocess.run([str(python), "-c", asked], capture_output=True, text=True, check=True)
    return Path(told.stdout.strip())


@pytest.fixture
def bare_python(webui: Webui, tmp_path: Path) -> Path:
    """The host's interpreter with the host's packages, but for `toml`."""
    if "posix_prefix" not in sysconfig.get_scheme_names() or os.name == "nt":
        pytest.skip("links to the host's packages need a POSIX system")
    folder = tmp_path / "bare"
    subprocess.run([str(webui.python), "-m", "venv", "--without-pip", str(folder)], check=True)
    own = site_packages(venv_python(folder))
    for entry in site_packages(webui.python).iterdir():
        if not entry.name.startswith("toml"):
            (own / entry.name).symlink_to(entry)
    return venv_python(folder)


def run_install(python: Path, extension: Path, webui: Webui) -> float:
    """Run it as the host's `launch` does; gives its seconds."""
    begun = time.perf_counter()
    done = subprocess.run(
        [str(python), "install.py"],
        cwd=extension,
        env={**os.environ, "PYTHONPATH": str(webui.folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return time.perf_counter() - begun


def test_install_adds_toml_and_then_nothing(
    root: Path,
    webui: Webui,
    bare_python: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    extension = copy_extension(root, tmp_path / "data")
    before = packages(bare_python)
    assert not any(p.startswith("toml==") for p in before)
    empty = run_install(bare_python, extension, webui)
    added = packages(bare_python) - before
    assert (added, before - packages(bare_python)) == ({"toml==0.10.2"}, set())
    again = run_install(bare_python, extension, webui)
    assert packages(bare_python) == before | added
    with capsys.disabled():
        print(f"\ninstall.py: {empty:.2f} s from empty, {again:.2f} s satisfied")


def test_install_leaves_the_webuis_packages(root: Path, webui: Webui, tmp_path: Path) -> None:
    before = packages(webui.python)
    run_install(webui.python, copy_extension(root, tmp_path), webui)
    assert {p for p in packages(webui.python) ^ before if not p.startswith("toml==")} == set()


def test_the_set_up_button_fills_our_environment_and_not_the_webuis(
    root: Path, webui: Webui, tmp_path: Path
) -> None:
    extension = copy_extension(root, tmp_path)
    # The real packages are gigabytes; what is proved without them is where they go.
    is_whole = bool(os.environ.get("T2P_WHOLE_SETUP"))
    for stage in () if is_whole else CORE.stages:
        (extension / "requirements" / stage.requirements).write_text("toml==0.10.2\n", "utf-8")
    before = packages(webui.python)
    ours = Paths(extension, CORE)
    assert not is_ready(ours)
    # A WebUI of its own: with such an environment no worker can be started for the other tests.
    running = start(webui, tmp_path, "--t2p-workspace", str(tmp_path / "my people"))
    try:
        seen = SettingUp(open_workspace(tmp_path / "my people"), extension)
        press(running, "t2p_setup_start")
        limit = WHOLE_SECONDS if is_whole else LIMIT_SECONDS
        wait_for(lambda: seen.state() in ("ready", "failed"), "the set-up", limit)
        assert seen.state() == "ready", seen.last_line()
    finally:
        stop(running)
    assert ("torch==2.13.0" if is_whole else "toml==0.10.2") in {
        package.partition("+")[0] for package in packages(venv_python(ours.folder))
    }
    assert packages(webui.python) == before

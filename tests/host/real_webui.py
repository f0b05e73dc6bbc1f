"""Starting a real WebUI with a copy of this extension in a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PARTS = (
    "lib_t2p",
    "scripts",
    "requirements",
    "javascript",
    "localizations",
    "presets",
    "wildcards",
)
FILES = ("install.py", "preload.py", "metadata.ini", "style.css", "t2p.py")
USUAL = (
    "--skip-prepare-environment --skip-torch-cuda-test --skip-version-check "
    "--skip-python-version-check --no-hashing --no-download-sd-model --api "
    "--server-name 127.0.0.1"
).split()
A1111 = ("--use-cpu", "all", "--no-half", "--do-not-download-clip")
FORGE = ("--always-cpu", "--all-in-fp32")
ANSWERS = "Startup time:"
"""Not when the port answers: A1111 adds middleware after that, which a request would spoil."""
LIMIT_SECONDS = 400.0
PAGE = "/t2p/page/config"
"""Where our page tells what it consists of; asking for it makes it, as opening the tab does."""


@dataclass(frozen=True)
class Webui:
    """A checkout of a WebUI and the interpreter that runs it."""

    folder: Path
    python: Path

    @property
    def is_forge(self) -> bool:
        return (self.folder / "modules_forge").is_dir()


@dataclass
class Running:
    """A WebUI that answers."""

    port: int
    data: Path
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    @property
    def extension(self) -> Path:
        return self.data / "extensions" / "text-to-person"

    def get(self, path: str) -> Any:
        """The JSON at a path."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            return json.load(answer)

    def ours(self) -> list[str]:
        """Lines of the log that name us, or a file of ours."""
        names = ("text to person", "text-to-person", "text_to_person", "lib_t2p")
        # A busy machine makes the host list our script among what took long.
        told = [line for line in self.lines if ANSWERS not in line]
        return [line for line in told if any(name in line.lower() for name in names)]


def copy_extension(root: Path, data: Path) -> Path:
    """Put the extension's own files, and no environment, where the WebUI looks for it."""
    target = data / "extensions" / "text-to-person"
    target.mkdir(parents=True)
    for name in PARTS:
        if (root / name).is_dir():
            shutil.copytree(
                root / name, target / name, ignore=shutil.ignore_patterns("__pycache__")
            )
    for name in FILES:
        if (root / name).exists():
            shutil.copy2(root / name, target / name)
    return target


def start(webui: Webui, data: Path, *flags: str) -> Running:
    """Start it and wait until it answers; the log is read on to the end.

    Raises:
        AssertionError: it ended, or was ended after the limit, before it answered.
    """
    port = _free_port()
    argv = [str(webui.python), "launch.py", *USUAL, *(FORGE if webui.is_forge else A1111)]
    if webui.is_forge:
        # With a data folder elsewhere Forge refuses its own scripts and styles to the browser.
        argv += ["--gradio-allowed-path", str(webui.folder)]
    argv += ["--port", str(port), "--data-dir", str(data), *flags]
    variables = {**os.environ, "HF_HUB_OFFLINE": "1", "GRADIO_ANALYTICS_ENABLED": "False"}
    for name in ("PYTHONPATH", "T2P_SD_SCRIPTS"):
        variables.pop(name, None)
    process = subprocess.Popen(
        argv,
        cwd=webui.folder,
        env={**variables, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    running = Running(port, data, process)
    watchdog = threading.Timer(LIMIT_SECONDS, process.kill)
    watchdog.start()
    assert process.stdout is not None
    for line in process.stdout:
        running.lines.append(line.rstrip())
        if ANSWERS in line:
            break
    watchdog.cancel()
    assert ANSWERS in "".join(running.lines[-1:]), "\n".join(running.lines[-30:])
    threading.Thread(target=_read_on, args=(running,), daemon=True).start()
    return running


def stop(running: Running) -> None:
    """End it."""
    running.process.terminate()
    try:
        running.process.wait(30)
    except subprocess.TimeoutExpired:
        running.process.kill()
        running.process.wait(30)


def packages(python: Path) -> set[str]:
    """`name==version` of all that the interpreter sees."""
    program = (
        "from importlib.metadata import distributions as d\n"
        "print('\\n'.join(f\"{x.metadata['Name']}=={x.version}\" for x in d()))"
    )
    said = subprocess.run(
        [str(python), "-c", program], capture_output=True, text=True, check=True
    ).stdout
    return set(said.split())


def venv_python(folder: Path) -> Path:
    """The interpreter of the WebUI's own environment."""
    parts = ("Scripts", "python.exe") if sys.platform == "win32" else ("bin", "python")
    return folder.joinpath("venv", *parts)


def _read_on(running: Running) -> None:
    assert running.process.stdout is not None
    running.lines.extend(line.rstrip() for line in running.process.stdout)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

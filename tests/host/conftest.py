from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from real_webui import Running, Webui, copy_extension, start, stop, venv_python

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def webui() -> Webui:
    """The WebUI that T2P_WEBUI names."""
    named = os.environ.get("T2P_WEBUI")
    if not named:
        pytest.skip("T2P_WEBUI names no WebUI (a folder with launch.py)")
    folder = Path(named).absolute()
    python = Path(os.environ.get("T2P_WEBUI_PYTHON") or venv_python(folder))
    for needed in (folder / "launch.py", python):
        if not needed.exists():
            pytest.fail(f"{needed} is missing: T2P_WEBUI and T2P_WEBUI_PYTHON name a WebUI")
    return Webui(folder, python)


@pytest.fixture(scope="session")
def running(webui: Webui, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """It, open, with our extension, its data in a new folder and our flags given."""
    data = tmp_path_factory.mktemp("webui data größe")
    copy_extension(ROOT, data)
    checkpoint = os.environ.get("T2P_WEBUI_CHECKPOINT")
    flags = [] if checkpoint is None else ["--ckpt", checkpoint]
    flags += ["--t2p-workspace", str(data / "my people"), "--lora-dir", str(data / "my loras")]
    (data / "my loras").mkdir()
    (data / "my sd-scripts").mkdir()
    flags += ["--t2p-sd-scripts-dir", str(data / "my sd-scripts")]
    opened = start(webui, data, *flags)
    yield opened
    stop(opened)

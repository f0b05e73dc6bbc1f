"""The standalone studio: where it listens, what it serves, what it offers."""

from __future__ import annotations

import os
import socket
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from workers_of_xdist import first_port

from lib_t2p.errors import SetupError
from lib_t2p.hosts.standalone import ports, studio_page
from lib_t2p.hosts.standalone.ports import ADDRESS, free_port
from lib_t2p.hosts.standalone.studio import run_studio
from lib_t2p.hosts.standalone.studio_host import TINY_BASE, TINY_TITLE, StudioHost
from lib_t2p.hosts.standalone.studio_page import PageServer
from lib_t2p.workspace.person import Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "workspace")


@pytest.fixture
def busy_port() -> Any:
    with socket.socket() as taken:
        taken.bind((ADDRESS, 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_the_next_port_is_taken_when_one_is_busy(busy_port: int):
    assert free_port(busy_port) > busy_port


def test_a_range_of_busy_ports_is_a_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ports, "_is_free", lambda _: False)
    with pytest.raises(SetupError, match="--port"):
        free_port(7870)


class Opened:
    """What was to be served; nothing is."""

    def __init__(self) -> None:
        self.ports: list[int] = []

    def serve(self, host: Any, port: int, **_: Any) -> None:
        self.ports.append(port)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    made = Opened()
    monkeypatch.setattr(studio_page, "serve", made.serve)
    for name in ("GRADIO_ANALYTICS_ENABLED", "GRADIO_TEMP_DIR", "HF_HUB_DISABLE_TELEMETRY"):
        monkeypatch.setenv(name, "before")
    return made


def test_the_server_listens_to_this_machine_only():
    server = PageServer(None, 17_970)
    assert server.config.host == "127.0.0.1"
    assert server.config.proxy_headers is False


def test_uploads_stay_in_the_workspace_and_nothing_is_reported(tmp_path: Path, opened: Opened):
    root = tmp_path / "workspace"
    address = run_studio(root, free_port(first_port(17_970)), open_browser=False)
    assert address.startswith("http://127.0.0.1:")
    assert Path(os.environ["GRADIO_TEMP_DIR"]).is_relative_to(root)
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert len(opened.ports) == 1


def test_a_busy_port_is_said_plainly(tmp_path: Path, busy_port: int, opened: Opened):
    said: list[str] = []
    address = run_studio(tmp_path / "workspace", busy_port, open_browser=False, say=said.append)
    (taken,) = opened.ports
    assert taken > busy_port
    assert said[0] == f"Port {busy_port} is busy, so the studio uses {taken}."
    assert address in said[1]


def test_a_port_that_was_taken_meanwhile_is_said_plainly(workspace: Workspace, busy_port: int):
    with pytest.raises(SetupError, match="--port"):
        studio_page.serve(StudioHost(workspace), busy_port, open_browser=False, wait=False)


def test_the_page_answers(workspace: Workspace):
    port = free_port(first_port(17_970))
    blocks = studio_page.serve(StudioHost(workspace), port, open_browser=False, wait=False)
    try:
        with urllib.request.urlopen(f"http://{ADDRESS}:{port}/") as answer:
            assert b"Text to Person" in answer.read()
    finally:
        blocks.close()


def test_checkpoints_are_files_and_folders_and_the_tiny_base_comes_last(workspace: Workspace):
    own = workspace.checkpoints / "more" / "real.safetensors"
    folder = workspace.checkpoints / "diffusers"
    for path in (own, folder / "model_index.json", folder / "unet" / "weights.safetensors"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"{}")
    tiny = [TINY_TITLE] if TINY_BASE.is_dir() else []
    host = StudioHost(workspace)
    assert host.checkpoints() == ["more/real.safetensors", "diffusers", *tiny]
    assert host.checkpoint_path("diffusers") == folder
    assert host.checkpoint_path("../diffusers") is None
    assert host.recipe() == "guide-final"


def test_without_a_real_checkpoint_the_demos_recipe_is_offered(workspace: Workspace):
    host = StudioHost(workspace)
    assert host.recipe() == "demo"
    assert "Euler a" in host.samplers()
    assert host.restricted() is None
    assert host.loras_root == workspace.loras

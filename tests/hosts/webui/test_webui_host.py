"""What the tabs learn of the WebUI, and who may start things."""

from __future__ import annotations

from pathlib import Path

import pytest
from webui_standin import Standin, install

from lib_t2p.hosts.webui import flags
from lib_t2p.hosts.webui.forks import too_old, webui_version
from lib_t2p.hosts.webui.webui_host import WebuiHost
from lib_t2p.workspace.person import open_workspace


def test_folders_follow_the_webuis_flags(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install(monkeypatch, tmp_path)
    assert flags.workspace_root() == tmp_path / "text-to-person"
    assert flags.lora_root() == tmp_path / "models" / "Lora"
    install(
        monkeypatch,
        tmp_path,
        t2p_workspace=str(tmp_path / "my folder"),
        lora_dir=str(tmp_path / "L"),
    )
    assert flags.workspace_root() == tmp_path / "my folder"
    assert flags.lora_root() == tmp_path / "L"


@pytest.mark.parametrize(
    ("given", "closed"),
    [
        ({}, False),
        ({"server_name": "127.0.0.1"}, False),
        ({"server_name": "0.0.0.0"}, True),
        ({"listen": True}, True),
        ({"share": True}, True),
        ({"listen": True, "server_name": "127.0.0.1"}, True),
        ({"listen": True, "gradio_auth": "a:b"}, False),
        ({"listen": True, "gradio_auth_path": "/secret"}, False),
        ({"listen": True, "enable_insecure_extension_access": True}, False),
    ],
)
def test_strangers_start_nothing(
    given: dict[str, object], closed: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, **given)
    assert (flags.restriction() is not None) == closed


def test_a_page_for_others_reads_no_foreign_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, listen=True, gradio_auth="a:b")
    host = WebuiHost(open_workspace(tmp_path / "w"), "AUTOMATIC1111")
    assert host.roots() == [tmp_path / "w", tmp_path]


def test_the_person_at_the_machine_may_name_any_folder(webui: Standin, tmp_path: Path) -> None:
    assert WebuiHost(open_workspace(tmp_path / "w"), "AUTOMATIC1111").roots() is None


def test_checkpoints_are_the_webuis_by_title(webui: Standin, tmp_path: Path) -> None:
    file = tmp_path / "größe 1.safetensors"
    title = webui.offer_checkpoint(file)
    host = WebuiHost(open_workspace(tmp_path / "w"), "AUTOMATIC1111")
    assert host.checkpoints() == [title]
    assert host.checkpoint_path(title) == file
    assert host.checkpoint_path("another") is None


@pytest.mark.parametrize(
    ("named", "version", "old"),
    [
        ("v1.10.1", (1, 10, 1), False),
        ("v1.6.0", (1, 6, 0), False),
        ("v1.5.2", (1, 5, 2), True),
        ("f2.0.1v1.10.1-previous-664-gd557aef9", (1, 10, 1), False),
        ("<none>", (), False),
    ],
)
def test_an_old_webui_is_told_so(
    named: str, version: tuple[int, ...], old: bool, webui: Standin
) -> None:
    webui.version = named
    assert webui_version() == version
    assert (too_old() is not None) == old


def test_files_of_the_workspace_may_be_served(webui: Standin, tmp_path: Path) -> None:
    from lib_t2p.hosts.webui import register

    register()
    for callback in webui.callbacks["on_before_ui"] * 2:
        callback()
    assert webui.cmd_opts.gradio_allowed_path == [str(tmp_path / "text-to-person")]

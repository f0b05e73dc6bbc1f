"""Our section of the settings page, and what is done with what was set."""

from __future__ import annotations

import sys
from collections import namedtuple
from pathlib import Path

import pytest
from webui_standin import Standin, install

from lib_t2p.hosts.webui import callbacks, flags, register
from lib_t2p.hosts.webui.service import HostService
from lib_t2p.hosts.webui.webui_host import WebuiHost
from lib_t2p.workspace.person import Workspace, open_workspace
from lib_t2p.workspace.preferences import Preferences, read_preferences, write_preferences

FOLDERS = {"t2p_workspace", "t2p_sd_scripts_dir", "t2p_face_models", "t2p_clip_folder"}


def opts() -> object:
    return sys.modules["modules.shared"].opts


def section(webui: Standin) -> dict[str, object]:
    register()
    for callback in webui.callbacks["on_ui_settings"]:
        callback()
    return dict(sys.modules["modules.shared"].opts.data_labels)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "w")


def test_each_setting_stands_in_our_section_and_folders_are_kept_from_the_api(
    webui: Standin,
) -> None:
    added = section(webui)
    assert set(added) > FOLDERS
    assert {info.section for info in added.values()} == {("text_to_person", "Text to Person")}
    assert {name for name, info in added.items() if info.restrict_api} == FOLDERS
    assert all(name.startswith("t2p_") for name in added)


@pytest.mark.parametrize("given", [{"hide_ui_dir_config": True}, {"listen": True}])
def test_a_page_for_others_sets_no_folder(
    given: dict[str, object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    webui = install(monkeypatch, tmp_path, **given)
    assert not FOLDERS & set(section(webui))
    opts().data["t2p_workspace"] = str(tmp_path / "elsewhere")
    opts().data["t2p_sd_scripts_dir"] = str(tmp_path / "code")
    assert flags.workspace_root() == tmp_path / "text-to-person"
    assert flags.sd_scripts_folder() is None


def test_folders_that_are_set_are_taken_and_flags_go_before(webui: Standin, tmp_path: Path) -> None:
    opts().data["t2p_workspace"] = str(tmp_path / "été")
    opts().data["t2p_sd_scripts_dir"] = str(tmp_path / "sd")
    assert flags.workspace_root() == tmp_path / "été"
    assert flags.sd_scripts_folder() == str(tmp_path / "sd")
    webui.cmd_opts.t2p_workspace = str(tmp_path / "flag")
    assert flags.workspace_root() == tmp_path / "flag"


def test_the_checkpoint_and_recipe_that_are_set_come_first(
    webui: Standin, workspace: Workspace, tmp_path: Path
) -> None:
    titles = [webui.offer_checkpoint(tmp_path / f"{name}.safetensors") for name in "abc"]
    host = WebuiHost(workspace, "AUTOMATIC1111")
    assert host.recipe() == "guide-final"
    opts().data["t2p_checkpoint"] = titles[2]
    opts().data["t2p_recipe"] = "demo"
    assert host.checkpoints() == [titles[2], *titles[:2]]
    assert host.recipe() == "demo"


@pytest.mark.parametrize(("typed", "seconds"), [(5, 5.0), ("x", 60.0), (-1, 60.0), (None, 60.0)])
def test_the_worker_learns_when_our_painter_takes_over(
    typed: object, seconds: float, webui: Standin, workspace: Workspace
) -> None:
    opts().data["t2p_painter_after"] = typed
    HostService(workspace, "A")._look_after()
    assert read_preferences(workspace).painter_after == seconds


def test_the_worker_learns_who_compares_faces_and_keeps_what_a_shell_set(
    webui: Standin, workspace: Workspace
) -> None:
    write_preferences(workspace, Preferences(embedder="arcface", clip_folder="/clip"))
    service = HostService(workspace, "A")
    service._look_after()
    assert read_preferences(workspace) == Preferences(embedder="arcface", clip_folder="/clip")
    opts().data.update({"t2p_embedder": "sface", "t2p_face_models": " /modèles "})
    service._look_after()
    told = Preferences(embedder="sface", face_models="/modèles", clip_folder="/clip")
    assert read_preferences(workspace) == told
    opts().data.update({"t2p_embedder": "dlib", "t2p_face_models": ""})
    service._look_after()
    assert read_preferences(workspace) == Preferences(clip_folder="/clip")


def test_strangers_cannot_name_folders_of_models(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, workspace: Workspace
) -> None:
    install(monkeypatch, tmp_path, listen=True)
    opts().data["t2p_clip_folder"] = str(tmp_path)
    HostService(workspace, "A")._look_after()
    assert read_preferences(workspace).clip_folder == ""


def test_a_webui_that_asks_for_the_script_is_told_and_need_not_look_for_it(
    webui: Standin,
) -> None:
    added: list[tuple[str, str]] = []
    module = sys.modules["modules.script_callbacks"]

    def add_callback(known: list[object], fun: object, *, category: str, filename: str) -> None:
        known.append(fun)
        added.append((category, Path(filename).name))

    module.add_callback = add_callback
    module.callback_map = {"callbacks_ui_tabs": []}
    callbacks.listen("ui_tabs", print)
    callbacks.listen("app_started", print)
    assert added == [("ui_tabs", "text_to_person.py")]
    assert module.callback_map["callbacks_ui_tabs"] == [print]
    assert webui.callbacks["on_app_started"] == [print]


def test_an_older_webui_gets_an_entry_of_its_kind(webui: Standin) -> None:
    module = sys.modules["modules.script_callbacks"]
    module.ScriptCallback = namedtuple("ScriptCallback", ["script", "callback"])
    module.add_callback = lambda callbacks, fun: pytest.fail("looks through the stack")
    module.callback_map = {"callbacks_ui_tabs": []}
    callbacks.listen("ui_tabs", print)
    ((script, callback),) = module.callback_map["callbacks_ui_tabs"]
    assert (Path(script).name, callback) == ("text_to_person.py", print)

"""A fork of the WebUI is one row: page, API, painting, results and memory follow it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PIL import Image
from webui_standin import SD15, Standin, Txt2Img, install, write_header

from lib_t2p.actions import known_names
from lib_t2p.actions.portraits import choices_of
from lib_t2p.errors import InputError
from lib_t2p.hosts.webui import forks, register, setting_up
from lib_t2p.hosts.webui.background import begin
from lib_t2p.hosts.webui.models import help_worker
from lib_t2p.hosts.webui.service import _RUNNING, unload_checkpoint
from lib_t2p.hosts.webui.webui_host import WebuiHost
from lib_t2p.hosts.webui.webui_painter import WebuiPainter
from lib_t2p.hosts.webui.webui_tab import full_page, tab
from lib_t2p.painting.request import CellRequest, HiresFix
from lib_t2p.workspace import open_workspace

TOY = "toy_rooms"
VAE = "toy.vae.safetensors"


class ToyTxt2Img(Txt2Img):
    """Its job takes an argument more than that of others."""

    toy_larger = None


@pytest.fixture
def webui(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Standin:
    """A WebUI that was started without flags."""
    return install(monkeypatch, tmp_path)


@pytest.fixture
def dropped() -> list[str]:
    """What the toy fork was told to drop."""
    return []


@pytest.fixture
def toy(webui: Standin, dropped: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Standin]:
    """A fork with a list of VAEs, a setting and a way to drop a checkpoint of its own."""
    rooms = ModuleType(TOY)
    vars(rooms).update(vaes=[VAE])
    monkeypatch.setitem(sys.modules, TOY, rooms)
    monkeypatch.setattr(
        sys.modules["modules.processing"], "StableDiffusionProcessingTxt2Img", ToyTxt2Img
    )
    row = forks.Fork(
        "ToyUI",
        has=(f"{TOY}:vaes",),
        minimum=(1, 9, 0),
        vae_names=lambda: list(rooms.vaes),
        vae_setting=lambda vae: {"toy_vae": vae},
        unload=lambda: dropped.append(f"locked: {webui.lock.locked()}"),
        hires={"toy_larger": "twice", "unknown_to_this_version": 1},
        kept=("toy_vae",),
    )
    forks.FORKS.insert(0, row)
    yield webui
    forks.FORKS.remove(row)


@pytest.fixture
def host(toy: Standin, tmp_path: Path) -> WebuiHost:
    return WebuiHost(open_workspace(tmp_path / "w"), forks.painter_name())


@pytest.fixture
def base(tmp_path: Path, toy: Standin) -> Path:
    """A checkpoint of an SD1.5 shape on the WebUI's list."""
    file = write_header(tmp_path / "base.safetensors", SD15)
    toy.offer_checkpoint(file)
    return file


def test_page_and_checks_list_what_the_fork_lists(
    host: WebuiHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setting_up, "is_ready", lambda _: True)
    blocks, _ = full_page()
    assert "t2p_tabs" in json.dumps(blocks.get_config_file()["components"], default=str)
    assert known_names(host)["vae"] == ["None", "Automatic", VAE]
    assert choices_of(host).vaes == (VAE,)


def test_a_picture_is_painted_in_the_forks_way_and_carries_its_name(
    base: Path, toy: Standin
) -> None:
    toy_opts = sys.modules["modules.shared"].opts
    toy_opts.add_option("toy_vae", sys.modules["modules.shared"].OptionInfo("its own"))
    toy_opts.data.clear()
    painter = WebuiPainter(forks.painter_name(), lambda done, total: None)
    request = CellRequest("photo", 7, str(base), width=64, height=64, vae=VAE, hires=HiresFix())
    assert painter.name == "ToyUI 1.10.1"
    assert painter.faults([request]) == []
    painter.paint(request)
    (given,) = toy.requests
    assert given["override_settings"]["toy_vae"] == VAE
    assert given["toy_larger"] == "twice"
    assert "unknown_to_this_version" not in given
    assert toy_opts.data == {"toy_vae": "its own"}
    unknown = replace(request, vae="other.pt")
    assert "lists no VAE 'other.pt'" in " ".join(painter.faults([unknown]))


def test_memory_is_given_back_in_the_forks_way(toy: Standin, dropped: list[str]) -> None:
    unload_checkpoint()
    assert dropped == ["locked: True"]


def test_what_it_cannot_do_is_said_with_its_name(host: WebuiHost, toy: Standin) -> None:
    cache = host.workspace.cache
    cache.mkdir(exist_ok=True)
    Image.new("RGB", (8, 8)).save(cache / "a.png")
    files = {"source": str(cache / "a.png"), "target": str(cache / "a.txt")}
    with pytest.raises(InputError, match="ToyUI has no interrogator"):
        help_worker(host.workspace, "interrogate", files)
    toy.version = "v1.8.0"
    ((page, _, _),) = tab()
    said = json.dumps(page.get_config_file()["components"], default=str)
    assert "needs ToyUI 1.9.0 or newer, and this is 1.8.0" in said


def test_its_settings_and_its_results_are_those_of_any_host(toy: Standin) -> None:
    register()
    for callback in toy.callbacks["on_ui_settings"]:
        callback()
    assert "t2p_checkpoint" in sys.modules["modules.shared"].opts.data_labels
    begin().join(60)
    try:
        assert _RUNNING[0]._make_painter(lambda done, total: None).name == "ToyUI 1.10.1"
    finally:
        for service in _RUNNING:
            service.end()
            service.join(60)
        _RUNNING.clear()


@pytest.mark.parametrize(
    ("there", "gone", "name"),
    [
        ({}, (), "AUTOMATIC1111"),
        ({"modules_forge": {}}, (), "reForge"),
        ({"modules_forge": {}, "modules_forge.main_entry": {}}, (), "reForge"),
        ({"modules_forge": {}, "modules_forge.main_entry": {"module_list": {}}}, (), "Forge"),
        (
            {"modules_forge": {}, "modules_forge.main_entry": {"module_list": {}}},
            ("modules.sd_hijack",),
            "Forge Neo",
        ),
    ],
)
def test_the_known_forks_are_told_by_what_they_have(
    there: dict[str, dict[str, Any]],
    gone: tuple[str, ...],
    name: str,
    webui: Standin,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module, members in there.items():
        made = ModuleType(module)
        made.__path__ = []
        vars(made).update(members)
        monkeypatch.setitem(sys.modules, module, made)
    for module in gone:
        monkeypatch.delitem(sys.modules, module)
    assert forks.this_fork().name == name
    assert forks.this_fork().vae_names() == []


def test_forge_paints_with_its_own_list_of_modules(
    base: Path, webui: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = ModuleType("modules_forge.main_entry")
    vars(entry).update(module_list={VAE: f"/models/{VAE}"})
    monkeypatch.setitem(sys.modules, "modules_forge.main_entry", entry)
    forge = next(fork for fork in forks.FORKS if fork.name == "Forge")
    assert forge.vae_names() == [VAE]
    assert forge.settings_for(VAE) == {"forge_additional_modules": [VAE]}
    assert forge.settings_for("Automatic") == {"forge_additional_modules": []}
    assert forge.settings_for("") == {}

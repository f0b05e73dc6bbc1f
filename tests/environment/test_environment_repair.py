from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from environment_fakes import Recorder
from sd_fakes import FakeTools, make_checkout, make_ready, make_root, packages_of

from lib_t2p.environment.definitions import CORE, Paths
from lib_t2p.environment.mending import Mender
from lib_t2p.environment.sd_building import SdBuilder
from lib_t2p.environment.sd_environment import Places
from lib_t2p.environment.set_up_choices import Wish
from lib_t2p.environment.stamps import write_stamp
from lib_t2p.errors import SetupError
from lib_t2p.platforms import venv_python

TAG = "v0.9.1"


@pytest.fixture
def environ(tmp_path: Path) -> Mapping[str, str]:
    return {"T2P_SD_SCRIPTS": str(make_checkout(tmp_path / "sd", TAG))}


@pytest.fixture
def wish(tmp_path: Path, root: Path, environ: Mapping[str, str]) -> Wish:
    folder = make_root(tmp_path / "ours", root)
    make_ready(folder, TAG)
    return Wish(TAG, root=folder, environ=environ, lenders=())


def mender(tools: FakeTools, *, gpu: bool = False, progress: Recorder | None = None) -> Mender:
    builder = SdBuilder(
        progress=progress or Recorder(),
        run=tools,
        free_bytes=lambda _: 10**12,
        which=lambda _: None,
    )
    return Mender(builder, gpu)


def test_damaged_package_is_installed_again_and_whole_ones_stay(wish: Wish) -> None:
    packages = packages_of(Places(TAG, wish.root).env)
    for name, size in (("whole", 0), ("cut", 5)):
        (packages / f"{name}.py").touch()
        (packages / f"{name}-1.dist-info").mkdir()
        record = f"{name}.py,sha256=x,{size}\n"
        (packages / f"{name}-1.dist-info" / "RECORD").write_text(record, encoding="utf-8")
    tools, said = FakeTools(), Recorder()
    mender(tools, progress=said).repair(wish)
    assert not (packages / "cut-1.dist-info").exists()
    assert (packages / "whole-1.dist-info").exists()
    assert tools.installed() == ["sd-scripts-v0.9.1.txt", "sd-scripts-torch.txt"]
    assert "cut-1: 1 file is missing or cut, cut.py" in said.lines


def test_torch_without_the_gpu_is_installed_again_once_an_index_is_named(
    wish: Wish, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = packages_of(Places(TAG, wish.root).env) / "torch-2.13.0.dist-info"
    probed = [(0, ['T2P {"name": "device", "version": "cpu", "error": ""}'])]
    monkeypatch.delenv("T2P_TORCH_INDEX", raising=False)
    mender(FakeTools(answers={"t2p_probe": probed}), gpu=True).repair(wish)
    assert info.exists()
    monkeypatch.setenv("T2P_TORCH_INDEX", "https://torch.example/cu")
    mender(FakeTools(answers={"t2p_probe": probed}), gpu=True).repair(wish)
    assert not info.exists()


def test_cut_checkout_of_ours_is_fetched_again(wish: Wish) -> None:
    place = make_checkout(Places(TAG, wish.root).checkout, TAG)
    (place / "networks" / "lora.py").unlink()
    said = Recorder()
    with pytest.raises(SetupError, match="git is not installed"):
        mender(FakeTools(), progress=said).repair(replace(wish, environ={}))
    assert said.lines == ["The checkout of v0.9.1 is not whole: fetching it again."]


def test_core_is_repaired_by_the_same_means(wish: Wish) -> None:
    paths = Paths(wish.root, CORE)
    python = venv_python(paths.folder)
    python.parent.mkdir(parents=True)
    python.touch()
    write_stamp(paths)
    tools = FakeTools()
    assert mender(tools).repair_core(wish.root) == python
    assert tools.installed() == ["core.txt", "core-nodeps.txt"]

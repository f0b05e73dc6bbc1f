"""A run is trained with the sd-scripts that was seen where it was asked for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lib_t2p.environment.sd_scripts import SdScripts
from lib_t2p.errors import SetupError
from lib_t2p.runs.trainers.sd_scripts.installation import (
    keep_installation,
    kept_installation,
    locate,
)
from lib_t2p.workspace.person import RunFolder

TAG = "v0.9.1"


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "runs" / "größe 1")


def test_what_was_found_is_kept(folder: RunFolder, tmp_path: Path) -> None:
    found = SdScripts(TAG, tmp_path, Path(sys.executable))
    keep_installation(folder, found)
    assert kept_installation(folder, TAG) == found


@pytest.mark.parametrize("change", [{"tag": "v0.8.7"}, {"folder": "gone"}, {"python": "gone"}])
def test_what_is_gone_or_another_is_looked_for_again(
    folder: RunFolder, tmp_path: Path, change: dict[str, str]
) -> None:
    given = {"tag": TAG, "folder": str(tmp_path), "python": sys.executable, **change}
    keep_installation(folder, SdScripts(given["tag"], Path(given["folder"]), Path(given["python"])))
    assert kept_installation(folder, TAG) is None


def test_other_trainers_need_none(folder: RunFolder) -> None:
    assert locate("builtin") is None
    keep_installation(folder, None)
    assert not folder.trainer.exists()


def test_a_trainer_that_is_not_set_up_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("T2P_SD_SCRIPTS", str(tmp_path))
    with pytest.raises(SetupError):
        locate(f"sd-scripts-{TAG}")

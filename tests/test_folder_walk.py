"""Folders are looked through to their end, and whole disks are not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib_t2p import folder_walk
from lib_t2p.cli.__main__ import main
from lib_t2p.errors import InputError
from lib_t2p.folder_walk import files_below


@pytest.fixture
def large(tmp_path: Path) -> Path:
    for number in range(12):
        file = tmp_path / "disk" / f"f{number % 3}" / f"{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return tmp_path / "disk"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    least = files_below.__defaults__
    monkeypatch.setattr(files_below, "__defaults__", (10,))
    yield
    assert least == (folder_walk.MOST,)


def test_all_files_are_found_and_folders_count_too(large: Path) -> None:
    assert len(list(files_below(large, "logs", most=15))) == 12
    with pytest.raises(InputError, match="more than 14 files and folders: name the folder"):
        list(files_below(large, "logs", most=14))


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_are_no_way_round_in_circles(large: Path) -> None:
    (large / "round").symlink_to(large, target_is_directory=True)
    (large / "itself").symlink_to(large / "itself")
    assert len(list(files_below(large, "logs"))) == 12


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("words", [["logs"], ["lora", "list", "--loras"]])
def test_commands_refuse_a_whole_disk_in_a_sentence(
    words: list[str], large: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([*words, str(large), "--workspace", str(tmp_path / "w")])
    told = capsys.readouterr()
    assert code == 1
    assert "holds more than 10 files and folders" in told.err + told.out

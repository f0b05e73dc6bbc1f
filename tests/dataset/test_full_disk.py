"""A disk that fills while a dataset is built: no version then, and the next build is whole."""

from __future__ import annotations

import errno
import io
from pathlib import Path
from typing import Any

import pytest
from dataset_fakes import GREEN, RED, draw_photo, fake_tools

from lib_t2p.dataset.building import build_dataset
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.errors import WorkspaceError
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.workspace.person import PersonFolder

pytestmark = pytest.mark.slow

OPTIONS = DatasetOptions(
    resolution=64, repeats=5, least_sharpness=0.0, least_light=0.0, least_contrast=0.0
)


class Disk:
    """Takes so many files in the person's folder; of the next one it takes a few bytes."""

    def __init__(self, root: Path, room: float = float("inf")) -> None:
        self.root, self.room, self.written = root, room, 0
        self._open = io.open

    def open(self, file: Any, mode: str = "r", *more: Any, **given: Any) -> Any:
        opened = self._open(file, mode, *more, **given)
        is_ours = isinstance(file, (str, Path)) and Path(file).is_relative_to(self.root)
        if not is_ours or not set(mode) & set("wxa"):
            return opened
        self.written += 1
        if self.written <= self.room:
            return opened
        opened.write("{" if "b" not in mode else b"{")
        opened.close()
        raise OSError(errno.ENOSPC, "No space left on device", str(file))


def built(person: PersonFolder) -> dict[str, bytes]:
    """The files of a finished build."""
    root = build_dataset(person, OPTIONS, fake_tools(), SilentReporter()).root
    return {f.relative_to(root).as_posix(): f.read_bytes() for f in root.rglob("*") if f.is_file()}


@pytest.fixture
def photos(person: PersonFolder) -> PersonFolder:
    for number in range(5):
        draw_photo(person.photos / f"p{number}.png", number, (RED, 150, 120, 80))
    draw_photo(person.photos / "other.png", 9, (GREEN, 150, 120, 80))
    return person


def test_wherever_the_disk_fills_no_half_version_stays(
    photos: PersonFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as counting:
        disk = Disk(photos.root / "datasets")
        patch(counting, disk)
        first = built(photos)
    assert disk.written >= 6
    for room in range(disk.written):
        with monkeypatch.context() as filling:
            patch(filling, Disk(photos.root / "datasets", room))
            with pytest.raises(WorkspaceError, match="disk is full"):
                built(photos)
        assert [version.number for version in photos.datasets()] == [1]
        assert [folder.name for folder in (photos.root / "datasets").iterdir()] == ["001"]
    assert built(photos) == first


def patch(monkeypatch: pytest.MonkeyPatch, disk: Disk) -> None:
    """Our own files are opened by `Path.open`, Pillow's by `open`."""

    def opened(path: Path, *how: Any, **given: Any) -> Any:
        return disk.open(path, *how, **given)

    monkeypatch.setattr(Path, "open", opened)
    monkeypatch.setattr("builtins.open", disk.open)

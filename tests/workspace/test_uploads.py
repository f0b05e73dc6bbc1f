from __future__ import annotations

from pathlib import Path

import pytest

from lib_t2p.workspace.uploads import empty_waiting, forget_imported, taken, waiting_folder
from lib_t2p.workspace.person import Workspace, open_workspace

NAMES = ("Zoë im Park.jpg", "two.jpg")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "work space ä")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """gradio's folder, with an upload of somebody else."""
    folder = tmp_path / "gradio"
    written(folder / "0f" / "others.png")
    return folder


def written(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(path.name.encode())
    return path


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_taken_uploads_leave_gradios_cache(workspace: Workspace, cache: Path) -> None:
    uploaded = [written(cache / f"a{n}" / name) for n, name in enumerate(NAMES)]
    copy = written(cache / "b0" / NAMES[0])
    with taken(workspace, uploaded, cache, [copy]) as sources:
        assert all(path.exists() for path in uploaded)
    assert [source.name for source in sources] == list(NAMES)
    assert [source.read_bytes() for source in sources] == [name.encode() for name in NAMES]
    assert files(cache) == ["others.png"]
    assert [folder.name for folder in cache.iterdir()] == ["0f"]


def test_two_uploads_of_one_name_are_both_taken(workspace: Workspace, cache: Path) -> None:
    uploaded = [written(cache / folder / "IMG_1.jpg") for folder in ("a", "b")]
    with taken(workspace, uploaded, cache) as sources:
        assert len(set(sources)) == 2


def test_a_refused_import_leaves_the_uploads_where_they_were(
    workspace: Workspace, cache: Path
) -> None:
    upload = written(cache / "a" / "one.jpg")
    with pytest.raises(ValueError, match="refused"), taken(workspace, [upload], cache):
        raise ValueError("refused")
    assert upload.exists()
    assert files(waiting_folder(workspace)) == []


def test_a_file_outside_the_cache_is_never_moved(
    workspace: Workspace, cache: Path, tmp_path: Path
) -> None:
    own = written(tmp_path / "own" / "one.jpg")
    sly = cache / "a" / ".." / ".." / "own" / "one.jpg"
    with taken(workspace, [own, sly], cache, [own, sly]) as sources:
        assert sources == [own, sly]
    assert own.exists()


def test_only_uploads_are_forgotten_after_an_import(workspace: Workspace, tmp_path: Path) -> None:
    own = written(tmp_path / "own" / "one.jpg")
    mine = written(waiting_folder(workspace) / "x" / "0" / "two.jpg")
    other = written(waiting_folder(workspace) / "y" / "0" / "three.jpg")
    forget_imported(workspace, [own, mine])
    assert (own.exists(), mine.exists(), other.exists()) == (True, False, True)
    assert [folder.name for folder in waiting_folder(workspace).iterdir()] == ["y"]
    empty_waiting(workspace)
    assert not waiting_folder(workspace).exists()

"""Uploaded photos: taken out of gradio's cache into the workspace, and gone once they are imported.

A WebUI's gradio keeps every upload in the computer's temporary folder until somebody empties it.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from lib_t2p.files import whole_file
from lib_t2p.workspace.person import Workspace


def waiting_folder(workspace: Workspace) -> Path:
    """Where taken uploads wait for their import."""
    return workspace.uploads / "waiting"


@contextmanager
def taken(
    workspace: Workspace, uploaded: Sequence[Path], cache: Path, copies: Sequence[Path] = ()
) -> Iterator[list[Path]]:
    """Give the uploads where they wait; out of gradio's cache they go when the block succeeds.

    When it fails they are where they were, so that the same click may be tried again.

    Args:
        workspace: that takes them.
        uploaded: what a page handed over. A file outside the cache is nobody's upload: it is
            given back as it is, and stays.
        cache: gradio's folder of uploads.
        copies: further files of the same uploads.

    Raises:
        WorkspaceError: the disk is full or may not be written.
    """
    folder = waiting_folder(workspace) / uuid.uuid4().hex
    root = cache.resolve()
    ours = [path for path in uploaded if path.resolve().is_relative_to(root)]
    places = {path: folder / str(number) / path.name for number, path in enumerate(ours)}
    try:
        for path, place in places.items():
            _keep(path, place)
        yield [places.get(path, path) for path in uploaded]
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _forget([*ours, *(c for c in copies if c.resolve().is_relative_to(root))], root)


def settled(workspace: Workspace, path: Path, folder: Path) -> Path:
    """Move an upload that waits to where it is used from now on; any other file stays.

    Returns:
        Where the file is then.

    Raises:
        WorkspaceError: the disk is full or may not be written.
    """
    waiting = waiting_folder(workspace).resolve()
    if not path.resolve().is_relative_to(waiting):
        return path
    # Its number among the uploads tells files of one name apart.
    place = folder / path.parent.name / path.name
    _keep(path, place)
    _forget([path], waiting)
    return place


def forget_imported(workspace: Workspace, sources: Iterable[Path]) -> None:
    """Remove those of an import's sources that were uploads."""
    waiting = waiting_folder(workspace).resolve()
    _forget([one for one in sources if one.resolve().is_relative_to(waiting)], waiting)


def empty_waiting(workspace: Workspace) -> None:
    """Remove what imports that never came to an end left; nothing of them may still be queued."""
    shutil.rmtree(waiting_folder(workspace), ignore_errors=True)


def _keep(path: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, place)
    except OSError:
        # The temporary folder is often another drive.
        with whole_file(place) as partial:
            shutil.copyfile(path, partial)


def _forget(paths: Iterable[Path], root: Path) -> None:
    """Remove files and the folders that are empty without them, up to the root."""
    for path in paths:
        with suppress(OSError):  # Windows keeps what somebody reads; the next start removes it.
            path.unlink(missing_ok=True)
            for folder in path.resolve().parents:
                if folder == root:
                    break
                folder.rmdir()

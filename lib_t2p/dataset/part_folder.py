"""The folder of a build that is not finished yet."""

from __future__ import annotations

import os
import re
import shutil

import psutil

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import PARTIAL
from lib_t2p.workspace import DatasetFolder, PersonFolder

_NAME = re.compile(r"\d+-(\d+)" + re.escape(PARTIAL))
_TRIES = 100
_MOST_PID = 2**31 - 1


def new_part(person: PersonFolder) -> DatasetFolder:
    """Make an empty folder for this process, and remove what killed builds have left.

    Raises:
        WorkspaceError: it cannot be made.
    """
    wanted = person.next_dataset().root
    part = wanted.with_name(f"{wanted.name}-{os.getpid()}{PARTIAL}")
    try:
        wanted.parent.mkdir(parents=True, exist_ok=True)
        for old in wanted.parent.iterdir():
            if _is_left_over(old.name):
                shutil.rmtree(old, ignore_errors=True)
        part.mkdir()
    except OSError as error:
        raise WorkspaceError(
            f"{part.parent} cannot be written ({error.strerror}): check its permissions and the "
            "free space."
        ) from error
    return DatasetFolder(part)


def finish_part(person: PersonFolder, part: DatasetFolder) -> DatasetFolder:
    """Rename a whole build to the next free number.

    Raises:
        WorkspaceError: it cannot be renamed.
    """
    for _ in range(_TRIES):
        target = person.next_dataset()
        try:
            part.root.rename(target.root)
        except FileExistsError:
            continue
        except OSError as error:
            if target.root.exists():
                continue
            raise WorkspaceError(
                f"{part.root} could not be renamed ({error.strerror}): close programs that have "
                "files of it open, then build again."
            ) from error
        return target
    raise WorkspaceError(f"No free number for a dataset was found in {part.root.parent}.")


def _is_left_over(name: str) -> bool:
    found = _NAME.fullmatch(name)
    if found is None:
        return False
    process = int(found.group(1))
    is_ours = process == os.getpid()
    return is_ours or process > _MOST_PID or not psutil.pid_exists(process)

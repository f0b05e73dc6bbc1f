"""Which sd-scripts a run is trained with, found where the run was asked for.

A worker may have started before a person named another folder; it trains with what they saw.
"""

from __future__ import annotations

from pathlib import Path

from lib_t2p.environment import SdScripts, find_sd_scripts
from lib_t2p.errors import WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.workspace import RunFolder

PREFIX = "sd-scripts-"
FILE = "installation.json"
SCHEMA = 1


def locate(trainer: str) -> SdScripts | None:
    """The installation behind a trainer's name; None for a trainer that needs none.

    Raises:
        SetupError: it is not set up; says what to do.
    """
    return find_sd_scripts(trainer.removeprefix(PREFIX)) if trainer.startswith(PREFIX) else None


def keep_installation(folder: RunFolder, found: SdScripts | None) -> None:
    """Write it beside the run; nothing for None."""
    if found is not None:
        record = {"tag": found.tag, "folder": str(found.folder), "python": str(found.python)}
        write_record(folder.trainer / FILE, SCHEMA, record)


def kept_installation(folder: RunFolder, tag: str) -> SdScripts | None:
    """What was kept; None when it is gone or of another tag."""
    try:
        record = read_record(folder.trainer / FILE, SCHEMA)
        found = SdScripts(record["tag"], Path(record["folder"]), Path(record["python"]))
    except (WorkspaceError, KeyError, TypeError):
        return None
    is_there = found.python.is_file() and found.folder.is_dir()
    return found if is_there and found.tag == tag else None

"""What a queue keeps of a person beside its jobs: copies of the database, folders, notices."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from lib_t2p.jobs.database_repair import PARTS
from lib_t2p.jobs.job_reading import JOB_ID
from lib_t2p.jobs.notices import mentions
from lib_t2p.jobs.rebuild import job_roots, read_job_record
from lib_t2p.workspace import JobFolder, Workspace

_COPY = re.compile(rf"\.(?:damaged|schema\d+)-\d+(?:{'|'.join(map(re.escape, PARTS))})")


def database_copies(workspace: Workspace) -> list[Path]:
    """Databases that were set aside or kept before a change of the schema, with their parts.

    Nobody can open a damaged one to take single rows out of it, and the queue was rebuilt without
    it; so all of it goes with any person.
    """
    name = workspace.database.name
    return sorted(
        path for path in workspace.root.glob(f"{name}.*") if _COPY.fullmatch(path.name[len(name) :])
    )


def stray_folders(workspace: Workspace, person: str, known: Collection[str]) -> list[Path]:
    """Folders below `jobs` that tell of a person and belong to no job of the queue.

    Args:
        workspace: whose.
        person: folder name.
        known: ids of jobs of the queue; their folders are not looked at.
    """
    return [
        root for root in job_roots(workspace) if root.name not in known and _tells_of(root, person)
    ]


def _tells_of(root: Path, person: str) -> bool:
    if not root.is_dir():
        # Moved out of a job's way, such as `<id>.set-aside-1`.
        return JOB_ID.match(root.name) is not None and _names(root, person)
    folder = JobFolder(root)
    record, _, _ = read_job_record(folder)
    return record.get("person") == person or (not record and _names(folder.record, person))


def _names(path: Path, person: str) -> bool:
    """Whether a text that cannot be read as a record names somebody."""
    try:
        return mentions(path.read_bytes().decode("utf-8", errors="replace"), {person})
    except OSError:
        return False

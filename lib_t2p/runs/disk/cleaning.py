"""Removing what a person agreed to, and what was agreed on for the next time."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.runs.disk.removal import Removal
from lib_t2p.workspace import Workspace

SCHEMA = 1
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Cleaned:
    """What came of a clean-up.

    Attributes:
        removed: what went.
        stayed: sentences about what could not be removed.
    """

    removed: tuple[Removal, ...]
    stayed: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes that were freed."""
        return sum(removal.size for removal in self.removed)


def clean(agreed: Iterable[Removal], still: Iterable[Removal]) -> Cleaned:
    """Remove what was agreed on and may still go.

    Args:
        agreed: what a person saw.
        still: what may go now; a run may have begun meanwhile.
    """
    allowed = set(still)
    removed, stayed = [], []
    for removal in agreed:
        label = " ".join(x for x in (removal.person, removal.run, removal.what) if x)
        if removal not in allowed:
            stayed.append(f"{label} stays: it has changed or is in use.")
            continue
        try:
            for path in removal.paths:
                _remove(path)
        except OSError as error:
            stayed.append(f"{label} stays, at least in part ({error.strerror}): {error.filename}")
        else:
            _log.info("removed %s (%d bytes)", label, removal.size)
            removed.append(removal)
    return Cleaned(tuple(removed), tuple(stayed))


def cleans_after_verdict(workspace: Workspace) -> bool:
    """Whether a person agreed once to remove passed-over models after each verdict."""
    try:
        return read_record(workspace.retention, SCHEMA).get("after_verdict") is True
    except WorkspaceError:
        # Missing or damaged: nothing was agreed on.
        return False


def remember_after_verdict(workspace: Workspace, agreed: bool) -> None:
    """Keep a person's answer for all verdicts to come."""
    write_record(workspace.retention, SCHEMA, {"after_verdict": agreed})


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

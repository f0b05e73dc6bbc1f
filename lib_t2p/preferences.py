"""What a person set for a workspace in the WebUI's settings, for the processes outside of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.workspace import Workspace

SCHEMA = 1
PAINTER_AFTER = 60.0


@dataclass(frozen=True)
class Preferences:
    """Of one workspace.

    Attributes:
        painter_after: seconds without an open WebUI after which our own painter takes over;
            0 to 86400.
    """

    painter_after: float = PAINTER_AFTER

    @classmethod
    def of(cls, painter_after: Any) -> Preferences:
        """Take a number as it was typed; what is none, or out of range, is as not set."""
        try:
            seconds = float(painter_after)
        except (TypeError, ValueError):
            return cls()
        return cls(seconds) if 0.0 <= seconds <= 86400.0 else cls()


def read_preferences(workspace: Workspace) -> Preferences:
    """What is set; a missing or damaged file sets nothing."""
    try:
        return Preferences.of(read_record(workspace.preferences, SCHEMA).get("painter_after"))
    except WorkspaceError:
        return Preferences()


def write_preferences(workspace: Workspace, preferences: Preferences) -> None:
    """Keep them, unless they are kept already."""
    if read_preferences(workspace) != preferences:
        write_record(workspace.preferences, SCHEMA, asdict(preferences))

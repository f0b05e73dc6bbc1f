"""What a person set for a workspace, in the WebUI's settings or a shell, for all processes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import ODD_PARTS, read_record, write_record
from lib_t2p.workspace.person import Workspace

SCHEMA = 1
PAINTER_AFTER = 60.0
EMBEDDERS = ("dlib", "sface", "arcface")
"""Who tells identities: dlib, OpenCV's SFace with YuNet, or an insightface model."""


@dataclass(frozen=True)
class Preferences:
    """Of one workspace.

    Attributes:
        painter_after: seconds without an open WebUI after which our own painter takes over;
            0 to 86400.
        embedder: who compares faces when grids and portraits are scored; one of `EMBEDDERS`.
        face_models: folder of the files that sface and arcface need; empty for none.
        clip_folder: folder of a CLIP model with both towers, by which obedience to prompts is
            scored; empty when it is not to be judged.
    """

    painter_after: float = PAINTER_AFTER
    embedder: str = EMBEDDERS[0]
    face_models: str = ""
    clip_folder: str = ""

    @classmethod
    def of(
        cls, painter_after: Any, embedder: Any = "", face_models: Any = "", clip_folder: Any = ""
    ) -> Preferences:
        """Take what was typed; what is no value, or out of range, is as not set."""
        try:
            seconds = float(painter_after)
        except ODD_PARTS:
            seconds = PAINTER_AFTER
        return cls(
            seconds if 0.0 <= seconds <= 86400.0 else PAINTER_AFTER,
            embedder if embedder in EMBEDDERS else EMBEDDERS[0],
            _folder(face_models),
            _folder(clip_folder),
        )


def read_preferences(workspace: Workspace) -> Preferences:
    """What is set; a missing or damaged file sets nothing."""
    try:
        record = read_record(workspace.preferences, SCHEMA)
    except WorkspaceError:
        return Preferences()
    names = ("painter_after", "embedder", "face_models", "clip_folder")
    return Preferences.of(*(record.get(name) for name in names))


def write_preferences(workspace: Workspace, preferences: Preferences) -> None:
    """Keep them, unless they are kept already."""
    if read_preferences(workspace) != preferences:
        write_record(workspace.preferences, SCHEMA, asdict(preferences))


def _folder(value: Any) -> str:
    return value.strip().strip('"') if isinstance(value, str) else ""

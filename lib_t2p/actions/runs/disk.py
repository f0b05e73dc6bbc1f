"""What lies on the disk, what may go, and removing it once a person agreed."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from pathlib import Path

from lib_t2p.environment import ROOT
from lib_t2p.runs import disk
from lib_t2p.runs.disk import Cleaned, Removal, Use, disk_use, megabytes, removals
from lib_t2p.scores.verdict import judged_models
from lib_t2p.workspace import Workspace

__all__ = [
    "Cleaned",
    "Removal",
    "Use",
    "clean",
    "megabytes",
    "plan_cleaning",
    "remember_after_verdict",
    "show_use",
]


def show_use(workspace: Workspace, environments: Path = ROOT / ".envs") -> list[Use]:
    """What the workspace and our environments take, by person, run and kind."""
    return disk_use(workspace, environments)


def plan_cleaning(
    workspace: Workspace, *, person: str = "", kinds: Collection[str] = ()
) -> list[Removal]:
    """What may go; nothing is removed.

    Args:
        workspace: to be looked through.
        person: only what belongs to one person; all when empty.
        kinds: only `states`, `models`, `latents` or `cache`; all when empty.
    """
    slug = workspace.person(person).slug if person else ""
    judged: dict[str, Sequence[Sequence[str]]] = {
        folder.slug: judged_models(folder) for folder in workspace.people()
    }
    return [
        one
        for one in removals(workspace, judged, time.time())
        if slug in ("", one.person) and (not kinds or one.kind in kinds)
    ]


def clean(workspace: Workspace, agreed: Sequence[Removal]) -> Cleaned:
    """Remove what a person saw and agreed to, unless it has come into use meanwhile."""
    return disk.clean(agreed, plan_cleaning(workspace))


def remember_after_verdict(workspace: Workspace, agreed: bool) -> None:
    """Keep the answer to whether passed-over models go after each verdict without being asked."""
    disk.remember_after_verdict(workspace, agreed)

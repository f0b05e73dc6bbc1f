"""What lies on the disk, and what of it may go: shown first, removed only when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.runs.disk.cleaning import (
        Cleaned,
        clean,
        cleans_after_verdict,
        remember_after_verdict,
    )
    from lib_t2p.runs.disk.folder_sizes import Use, disk_use, megabytes
    from lib_t2p.runs.disk.removal import Removal, removals

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

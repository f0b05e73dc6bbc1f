"""The same actions as the tabs, in a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.cli.job_progress import follow, follow_all
    from lib_t2p.cli.parser import workspace_argument

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

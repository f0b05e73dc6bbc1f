"""Watching a trainer's process: its events, its saved models, its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.runs.supervision.stopping import StopOutlook, stop_outlook
    from lib_t2p.runs.supervision.supervisor import run_training
    from lib_t2p.runs.supervision.watch import Watching

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

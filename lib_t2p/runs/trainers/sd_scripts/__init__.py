"""kohya-ss/sd-scripts as a trainer: a program of its own, launched, watched and resumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.runs.trainers.sd_scripts.installation import keep_installation, locate

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

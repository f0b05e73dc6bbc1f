"""The programs that train: sd-scripts and the built-in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.runs.trainers.registry import TRAINERS, trainer_named

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

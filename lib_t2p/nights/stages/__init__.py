"""What chains dataset, runs, grids, verdict and report in one night.

Jobs are submitted by the same actions that a person's clicks call, so that a night is nothing but
a patient person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.nights.stages.night_step import advance
    from lib_t2p.nights.stages.stage_context import StageContext
    from lib_t2p.nights.stages.timing import end_training

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

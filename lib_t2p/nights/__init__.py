"""From photos to a report in one night: what was asked for, where it stands, who is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.nights.begin import (
        NightRequest,
        begin_night,
        continue_night,
        newest_night_step,
        stop_night,
        unfinished_night,
    )
    from lib_t2p.nights.night import MODELS, WEIGHTS, read_night, read_state

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

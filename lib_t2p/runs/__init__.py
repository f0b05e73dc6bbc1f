"""One training: its folder, its supervision, its trainers, its disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.runs.durations import measure_run, usual_seconds
    from lib_t2p.runs.installing import card_of, install_last
    from lib_t2p.runs.marks import keep_marks
    from lib_t2p.runs.own_states import state_fault
    from lib_t2p.runs.runs import (
        Run,
        SavedModel,
        create_run,
        keep_forecast,
        own_prompts,
        read_forecast_minutes,
        read_run,
        saved_models,
    )

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

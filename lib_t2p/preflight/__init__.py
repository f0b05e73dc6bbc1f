"""Checks and forecasts before a run starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.preflight.defaults import choose_defaults
    from lib_t2p.preflight.forecast import Forecast, StepPlan, epoch_batches, step_plan
    from lib_t2p.preflight.graphics_cards import read_cards, visible_gpus
    from lib_t2p.preflight.training_images import (
        TrainImage,
        accepted_range,
        collect_images,
        scan_images,
    )

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

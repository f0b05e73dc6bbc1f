"""Minutes, memory and disk of a training, each with the source of its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.preflight.forecasts.measurements import (
        Measurement,
        Workload,
        load_measurements,
        record_measurement,
    )
    from lib_t2p.preflight.forecasts.space import base_size

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

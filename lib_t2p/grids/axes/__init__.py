"""Axes of a grid and their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.grids.axes.axes import (
        AXIS_KINDS,
        MAX_WEIGHT,
        PLACING_KINDS,
        POINT_KINDS,
        Axis,
        AxisKind,
        GridModel,
    )
    from lib_t2p.grids.axes.axis_values import value_label
    from lib_t2p.grids.axes.typed_values import NO_LORA, expanded, is_none, number_of, shown

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

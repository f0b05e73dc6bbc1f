"""Reads TensorBoard's event files without TensorBoard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.curves.scalars.reader import ScalarReader
    from lib_t2p.curves.scalars.tensorboard_events import Scalar

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

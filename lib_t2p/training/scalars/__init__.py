"""Reads TensorBoard's event files without TensorBoard."""

from __future__ import annotations

from lib_t2p.training.scalars.events import Scalar
from lib_t2p.training.scalars.reader import ScalarReader

__all__ = ["Scalar", "ScalarReader"]

"""Reads TensorBoard's event files without TensorBoard."""

from __future__ import annotations

from lib_t2p.curves.scalars.events import Scalar
from lib_t2p.curves.scalars.reader import ScalarReader

__all__ = ["Scalar", "ScalarReader"]

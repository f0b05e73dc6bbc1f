"""Every page and plot that is written to disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.reports.run_curves import curves_of_plan

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

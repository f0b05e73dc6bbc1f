"""What every written page shares: its frame and its templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.reports.pages.rendering import render

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

"""The page of a sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.reports.sweep.sweep_facts import told_by

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

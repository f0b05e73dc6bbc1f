"""The whole page: its tabs in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.ui.page.tabs import SCRIPTS, STYLE, build_tabs

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

"""Portraits and tips in the Generate tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.ui.portraits.planning import choices_of

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

"""The page of other people's logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.reports.logs.logs_page import draw_pages, verdict_sentence, write_report

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

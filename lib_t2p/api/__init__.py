"""The HTTP interface under `/t2p/v1`; the only room that imports fastapi."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.api.admission import AccessGuard, App, Receive, Scope, Send
    from lib_t2p.api.answers import Answers
    from lib_t2p.api.gateway import PREFIX, around_page, guarded, put_first
    from lib_t2p.api.interface import api_app, mount

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

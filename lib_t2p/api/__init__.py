"""The HTTP interface under `/t2p/v1`; the only room that imports fastapi."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.api.access import App, Guard, Receive, Scope, Send
    from lib_t2p.api.answers import Answers
    from lib_t2p.api.app import api_app, mount
    from lib_t2p.api.gateway import PREFIX, around_page, guarded, put_first

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

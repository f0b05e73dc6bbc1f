"""The tabs; gradio only here.

Rooms below are imported as wholes (`from lib_t2p.actions import grids as grid_actions`), so that
what a button needs is loaded when it is pressed: a first opening loads the forms alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.ui import gradio_versions
    from lib_t2p.ui.components import says_errors
    from lib_t2p.ui.event_guard import guard_events
    from lib_t2p.ui.gradio_versions import application, upload_cache
    from lib_t2p.ui.job_activity import JobWatch
    from lib_t2p.ui.markup import message
    from lib_t2p.ui.refresh import LivePart, Sender, live_part
    from lib_t2p.ui.translations import FOLDER, differences, shared_texts, visible_texts

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

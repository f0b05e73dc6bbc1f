"""What jobs tell while they run: events, who writes them, who reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.jobs.events.events import (
        Event,
        EventReader,
        Failed,
        Finished,
        Image,
        Metric,
        Phase,
        Progress,
        Started,
        Warned,
        append_event,
        from_line,
        to_line,
    )
    from lib_t2p.jobs.events.reporter import Reporter, SilentReporter
    from lib_t2p.jobs.events.tail import Tail

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

"""What stands around the API on every host."""

from __future__ import annotations

from lib_t2p.access import Access
from lib_t2p.api.access import App, Guard
from lib_t2p.api.answers import Answers
from lib_t2p.api.limits import Limits


def guarded(interface: App, access: Access) -> App:
    """The interface behind its guard, its limits and the headers of its answers."""
    return Answers(Guard(Limits(interface), access))

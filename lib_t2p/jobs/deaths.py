"""How often a job may see its process die before it is given up."""

from __future__ import annotations

from collections.abc import Iterable

from lib_t2p.jobs.events.events import Event, Progress, Started

MOST_DEATHS = 5
"""A job whose processes died this often at one place is lost: it would kill the next one too."""


def deaths_after(deaths: int, events: Iterable[Event]) -> int:
    """How many deaths count after one more.

    A job that got further than in any of its earlier lives begins to count anew: reboots and
    crashes during a long run are not the run's fault.

    Args:
        deaths: that counted so far.
        events: all that the job told.
    """
    return 1 if _got_further(events) else deaths + 1


def _got_further(events: Iterable[Event]) -> bool:
    before: dict[str, int] = {}
    now: dict[str, int] = {}
    for event in events:
        if isinstance(event, Started):
            before = {
                unit: max(now.get(unit, 0), before.get(unit, 0)) for unit in {**before, **now}
            }
            now = {}
        elif isinstance(event, Progress):
            now[event.unit] = max(event.done, now.get(event.unit, 0))
    return any(done > before.get(unit, 0) for unit, done in now.items())

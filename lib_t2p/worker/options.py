"""How long the worker waits for what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WorkerOptions:
    """All in seconds.

    Attributes:
        idle_exit: without work for so long, the worker leaves.
        painter_after: our own painter is started when no host beat for so long; when there
            never was a host it is started at once. None takes what the workspace prefers.
        poll: between two looks into the queue.
        beat: between two heartbeats.
        lease: how long a lease holds without being renewed.
    """

    idle_exit: float = 600.0
    painter_after: float | None = None
    poll: float = 0.3
    beat: float = 2.0
    lease: float = 60.0

"""Where a series stands: since when it runs, and whether it is to end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lib_t2p.files import read_record, write_record
from lib_t2p.portraits.plan import PortraitPlan
from lib_t2p.workspace import PortraitsFolder

SCHEMA = 1
STOPPED, TIME_OVER, COMPLETE = "stopped as you asked", "the time is over", "all are painted"


@dataclass(frozen=True)
class SeriesState:
    """What is known of a series.

    Attributes:
        started: Unix seconds of the first round, or of going on; 0 before.
        ended: why no further picture is begun; empty while it goes on.
    """

    started: float = 0.0
    ended: str = ""


def read_state(folder: PortraitsFolder) -> SeriesState:
    """The state; that of a new series when there is none yet."""
    if not folder.state.exists():
        return SeriesState()
    record = read_record(folder.state, SCHEMA)
    return SeriesState(float(record.get("started", 0)), str(record.get("ended", "")))


def write_state(folder: PortraitsFolder, state: SeriesState) -> None:
    """Write the state."""
    write_record(folder.state, SCHEMA, {"started": state.started, "ended": state.ended})


def begin(folder: PortraitsFolder, clock: Callable[[], float]) -> None:
    """Note when the series began; a series that goes on after a crash keeps its time."""
    state = read_state(folder)
    if not state.started:
        write_state(folder, SeriesState(clock()))


def end(folder: PortraitsFolder, reason: str) -> None:
    """Note why the series ended."""
    write_state(folder, SeriesState(read_state(folder).started, reason))


def go_on(folder: PortraitsFolder) -> None:
    """Forget why the series ended and since when it runs."""
    folder.stop.unlink(missing_ok=True)
    write_state(folder, SeriesState())


def ask_to_stop(folder: PortraitsFolder) -> None:
    """End the series after the picture at hand."""
    write_record(folder.stop, SCHEMA, {})


def why_over(
    folder: PortraitsFolder, plan: PortraitPlan, planned: int, clock: Callable[[], float]
) -> str:
    """Why no further round is planned; empty when one is.

    Args:
        folder: of the series.
        plan: its plan.
        planned: pictures planned so far.
        clock: Unix seconds.
    """
    halted = why_halted(folder, plan, clock)
    return halted or (COMPLETE if plan.count and planned >= plan.count else "")


def why_halted(folder: PortraitsFolder, plan: PortraitPlan, clock: Callable[[], float]) -> str:
    """Why no further picture is begun, even of a round that is planned; empty when one is."""
    if folder.stop.exists():
        return STOPPED
    started = read_state(folder).started
    if plan.minutes and started and clock() - started >= plan.minutes * 60:
        return TIME_OVER
    return ""

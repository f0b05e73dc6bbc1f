"""What the shell reads and prints of sweeps."""

from __future__ import annotations

from collections.abc import Sequence

from lib_t2p.cli_output import Output
from lib_t2p.sweeps import RunStatus, SweepPlan


def print_plan(plan: SweepPlan, output: Output) -> None:
    """Name the runs, what is refused, and how long all takes."""
    for planned in plan.runs:
        minutes = planned.judgement.minutes
        also = f" (also {', '.join(planned.run.also)})" if planned.run.also else ""
        time = f", about {_time(minutes)}" if minutes is not None else ""
        output.line(f"  {planned.run.name}{also}{time}")
    for run in plan.refused:
        output.line(f"  skipped: {run.name}: {run.refused}")
    for warning in plan.warnings:
        output.line(f"  note: {warning}")
    runs = f"{len(plan.runs)} run{'s' if len(plan.runs) != 1 else ''}"
    if plan.minutes is None:
        output.line(f"{runs}; how long they take is not known on this machine yet")
    else:
        output.line(f"{runs}, about {_time(plan.minutes)} in all. {plan.basis}".rstrip())


def print_status(found: Sequence[RunStatus], output: Output) -> None:
    """One line per run; why it did not finish below it."""
    for status in found:
        run = f" (run {status.folder.id})" if status.folder else ""
        output.line(f"  {status.run.name}: {status.state}{run}")
        if status.reason:
            output.line(f"      {status.reason}")


def _time(minutes: float) -> str:
    if minutes < 1:
        return f"{minutes * 60:.0f} s"
    if minutes < 120:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.1f} h"

"""The lines of the page's table, as texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from lib_t2p.sweeps import RunResult, SeedGroup

HEAD = (
    "run", "seed", "state", "last_average_loss", "least_loss", "peak_dlr", "steps", "minutes",
    "seconds_per_step", "findings", "models", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class SweepRow:
    """A run as the table shows it."""

    name: str
    also: str
    state: str
    state_class: str
    labels: tuple[str, ...]
    last: str
    least: str
    dlr: str
    steps: str
    minutes: str
    forecast: str
    pace: str
    findings: tuple[str, ...]
    models: str


@dataclass(frozen=True)
class GroupRow:
    """A group of repeats as the table shows it."""

    name: str
    runs: str
    mean: str
    spread: str


def run_rows(results: Sequence[RunResult], axes: Sequence[str]) -> list[SweepRow]:
    """One row per run that was not refused."""
    shared = shared_findings(results)
    return [_row(result, axes, shared) for result in results if result.state != "refused"]


def shared_findings(results: Sequence[RunResult]) -> list[str]:
    """What was found of every run that was trained, said once below the table."""
    trained = [result.findings for result in results if result.state != "refused"]
    if len(trained) < 2:
        return []
    return [finding for finding in trained[0] if all(finding in other for other in trained)]


def group_rows(groups: Sequence[SeedGroup]) -> list[GroupRow]:
    """One row per group; none when nothing was repeated."""
    if all(group.spread is None for group in groups):
        return []
    return [
        GroupRow(g.name, str(len(g.losses)), f"{g.mean:.4f}", _number(g.spread, ".4f"))
        for g in groups
    ]


def table_csv(results: Sequence[RunResult], axes: Sequence[str]) -> str:
    """The table for a spreadsheet; one column per axis, sentences by semicolons."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([HEAD[0], *axes, *HEAD[1:]])
    for result in results:
        numbers = (
            result.last_loss,
            result.least_loss,
            result.peak_dlr,
            result.steps,
            result.minutes,
            result.seconds_per_step,
        )
        texts = ("; ".join(result.findings), " ".join(result.models), result.reason)
        writer.writerow(
            [
                result.name,
                *(result.labels.get(axis, "") for axis in axes),
                result.seed,
                result.state,
                *("" if n is None else n for n in numbers),
                *texts,
            ]
        )
    return out.getvalue()


def _row(result: RunResult, axes: Sequence[str], shared: Sequence[str]) -> SweepRow:
    told = "" if result.is_finished else f"{result.state}: {result.reason}".rstrip(": ")
    return SweepRow(
        name=result.name,
        also=", ".join(result.also),
        state=told,
        state_class=result.state,
        labels=tuple(result.labels.get(axis, "") for axis in axes),
        last=_number(result.last_loss, ".4f"),
        least=_number(result.least_loss, ".4f"),
        dlr=_number(result.peak_dlr, ".2e"),
        steps=str(result.steps or ""),
        minutes=_number(result.minutes, ".1f"),
        forecast=_number(result.forecast, ".1f"),
        pace=_number(result.seconds_per_step, ".3g"),
        findings=tuple(finding for finding in result.findings if finding not in shared),
        models=str(len(result.models) or ""),
    )


def _number(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)

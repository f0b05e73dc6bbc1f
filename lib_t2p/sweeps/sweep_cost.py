"""What a sweep would cost, and what of it is refused, before it starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.sweeps.sweep_runs import SweepRun
from lib_t2p.workspace import SweepFolder

SCHEMA = 1


@dataclass(frozen=True)
class Judgement:
    """What is known of a run before it starts.

    Attributes:
        minutes: forecast; None when nothing is known of this machine's speed.
        basis: where the forecast comes from, as a sentence.
        disk_bytes: what the run leaves behind; 0 when not known.
        errors: why it must not be trained.
        warnings: what a person should know.
    """

    minutes: float | None = None
    basis: str = ""
    disk_bytes: int = 0
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlannedRun:
    """A run with what is known of it."""

    run: SweepRun
    judgement: Judgement


@dataclass(frozen=True)
class SweepPlan:
    """All runs of a sweep before it starts.

    Attributes:
        runs: those that would be trained, in order.
        refused: those that are skipped; `run.refused` says why.
    """

    runs: tuple[PlannedRun, ...]
    refused: tuple[SweepRun, ...]

    @property
    def minutes(self) -> float | None:
        """Total of the forecasts; None when one of them is unknown."""
        known = [p.judgement.minutes for p in self.runs if p.judgement.minutes is not None]
        return sum(known) if len(known) == len(self.runs) else None

    @property
    def disk_bytes(self) -> int:
        """What all runs leave behind."""
        return sum(planned.judgement.disk_bytes for planned in self.runs)

    @property
    def basis(self) -> str:
        """Where the forecasts come from; each different sentence once."""
        return " ".join(dict.fromkeys(p.judgement.basis for p in self.runs if p.judgement.basis))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know, each different sentence once with the runs it is about."""
        about: dict[str, list[str]] = {}
        for planned in self.runs:
            for text in planned.judgement.warnings:
                about.setdefault(text, []).append(planned.run.name)
        return tuple(
            text if len(names) == len(self.runs) else f"{text} ({_some(names)})"
            for text, names in about.items()
        )


def plan_sweep(runs: list[SweepRun], judge: Callable[[SweepRun], Judgement]) -> SweepPlan:
    """Judge each run that is not refused yet; repeats of a group are judged once."""
    by_group: dict[str, Judgement] = {}
    planned, refused = [], []
    for run in runs:
        if run.refused:
            refused.append(run)
            continue
        if run.group not in by_group:
            by_group[run.group] = judge(run)
        judgement = by_group[run.group]
        if judgement.errors:
            refused.append(replace(run, refused="; ".join(judgement.errors)))
        else:
            planned.append(PlannedRun(run, judgement))
    return SweepPlan(tuple(planned), tuple(refused))


@dataclass(frozen=True)
class SweepForecast:
    """What was said before the start.

    Attributes:
        minutes: of the whole sweep; None when unknown.
        basis: where that comes from.
        refused: names of runs that are skipped -> why.
        warnings: names of runs -> what was warned of.
    """

    minutes: float | None = None
    basis: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def write_forecast(folder: SweepFolder, plan: SweepPlan) -> None:
    """Keep what a plan says; raises `WorkspaceError` when the disk is full."""
    record = {
        "minutes": plan.minutes,
        "basis": plan.basis,
        "refused": {run.name: run.refused for run in plan.refused},
        "warnings": {p.run.name: list(p.judgement.warnings) for p in plan.runs},
    }
    write_record(folder.forecast, SCHEMA, record)


def read_forecast(folder: SweepFolder) -> SweepForecast:
    """Read it back; an empty one when it was never written or is damaged."""
    try:
        record = read_record(folder.forecast, SCHEMA)
        minutes = record.get("minutes")
        refused = {str(k): str(v) for k, v in dict(record.get("refused") or {}).items()}
        told = dict(record.get("warnings") or {}).items()
        warnings = {str(name): tuple(str(text) for text in texts) for name, texts in told}
        known = float(minutes) if minutes is not None else None
        return SweepForecast(known, str(record.get("basis", "")), refused, warnings)
    except (WorkspaceError, TypeError, ValueError):
        return SweepForecast()


def _some(names: list[str], most: int = 3) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more

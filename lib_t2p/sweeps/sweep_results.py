"""What came of each run of a sweep, in numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.workspace import SweepFolder

SCHEMA = 1


@dataclass(frozen=True)
class RunResult:
    """One run as the page's table shows it.

    Attributes:
        name: within the sweep.
        group: runs of one group differ in their seeds only.
        run: folder name of the run; empty when it was never made.
        state: `finished`, `failed`, `refused` and so on.
        reason: why it did not finish.
        labels: axis -> value.
        seed: of the run.
        also: other combinations that would train the same.
        steps: optimizer steps done.
        last_loss: average loss at the end; None without curves.
        least_loss: smallest average loss of an epoch, or of any step without epochs.
        peak_dlr: largest d x lr; None for optimizers without it.
        seconds_per_step: median; None when not known.
        minutes: from start to end, all tries together.
        forecast: minutes that were forecast for this run alone; None when none were.
        findings: what is odd about its curves, or was warned of; one sentence each.
        models: stems of the saved models, oldest first.
    """

    name: str
    group: str
    run: str
    state: str
    reason: str
    labels: Mapping[str, str]
    seed: int
    also: tuple[str, ...] = ()
    steps: int = 0
    last_loss: float | None = None
    least_loss: float | None = None
    peak_dlr: float | None = None
    seconds_per_step: float | None = None
    minutes: float | None = None
    forecast: float | None = None
    findings: tuple[str, ...] = ()
    models: tuple[str, ...] = ()

    @property
    def is_finished(self) -> bool:
        """Whether it was trained to its end."""
        return self.state == "finished"


def write_results(folder: SweepFolder, results: Sequence[RunResult]) -> None:
    """Keep the results for the tab; raises `WorkspaceError` when the disk is full."""
    write_record(folder.results, SCHEMA, {"runs": [asdict(result) for result in results]})


def read_results(folder: SweepFolder) -> list[RunResult]:
    """Read them back; none when the page was never drawn or the file is damaged."""
    try:
        rows = read_record(folder.results, SCHEMA)["runs"]
        return [RunResult(**{**row, **_tuples(row)}) for row in rows]
    except (WorkspaceError, KeyError, TypeError):
        return []


def _tuples(row: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(row[name]) for name in ("also", "findings", "models")}

"""A run that somebody made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lib_t2p.curves import CurveFinding, CurveNumbers, Curves
from lib_t2p.curves.logs.config_search import without_date
from lib_t2p.curves.logs.configs import FoundConfig
from lib_t2p.curves.numbers import finite_or_none


@dataclass(frozen=True)
class ImportedRun:
    """A run that somebody made.

    Attributes:
        run: path of its folder below the folder of logs, with slashes.
        curves: of all its event files.
        numbers: of the curves.
        findings: what is wrong with it.
        config: that lay beside it.
        faults: files that could not be read to their end, one sentence each.
        notes: what else is to be known, one sentence each: no fault of the training.
    """

    run: str
    curves: Curves
    numbers: CurveNumbers
    findings: tuple[CurveFinding, ...]
    config: FoundConfig = field(default_factory=FoundConfig)
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def page(self) -> str:
        """The runs of one page are compared; empty at the top."""
        return self.run.rpartition("/")[0]

    @property
    def name(self) -> str:
        """Within its page."""
        return self.run.rpartition("/")[2]

    @property
    def setting(self) -> str:
        """The name without the day: runs of a page that share it are repeats."""
        return without_date(self.name)

    @property
    def origin(self) -> object:
        """Equal for copies of one log, which the guide's pages have of their base run."""
        times = self.curves.loss.times
        return (float(times[0]), float(times[-1]), len(times)) if len(times) else self.run

    def record(self) -> Mapping[str, Any]:
        """For JSON: what is no number is None."""
        return {
            "run": self.run,
            "steps": self.numbers.steps,
            "epochs": self.numbers.epochs,
            "final_average_loss": finite_or_none(self.numbers.final_average_loss),
            "peak_dlr": finite_or_none(self.numbers.peak_dlr),
            "seconds_per_step": finite_or_none(self.numbers.seconds_per_step),
            "findings": [{"code": f.code, "message": f.message} for f in self.findings],
            "notes": list(self.notes),
            "config": self.config.path.name if self.config.path else None,
        }


def distinct(runs: Iterable[ImportedRun]) -> list[ImportedRun]:
    """Without copies of one log."""
    found: dict[object, ImportedRun] = {}
    for run in runs:
        found.setdefault(run.origin, run)
    return list(found.values())


def by_page(runs: Iterable[ImportedRun]) -> dict[str, list[ImportedRun]]:
    """Runs by page, in order."""
    found: dict[str, list[ImportedRun]] = {}
    for run in runs:
        found.setdefault(run.page, []).append(run)
    return found

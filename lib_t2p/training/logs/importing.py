"""Reads a folder of TensorBoard logs, with configs where there are any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lib_t2p.errors import InputError
from lib_t2p.training.curves import (
    CurveFinding,
    CurveNumbers,
    Curves,
    curve_findings,
    curves_from_scalars,
    numbers_of_curves,
)
from lib_t2p.training.curves.numbers import finite_or_none
from lib_t2p.training.logs.configs import FoundConfig, config_of
from lib_t2p.training.logs.names import natural_key, without_date
from lib_t2p.training.scalars import ScalarReader
from lib_t2p.training.scalars.reader import event_files


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
    """

    run: str
    curves: Curves
    numbers: CurveNumbers
    findings: tuple[CurveFinding, ...]
    config: FoundConfig = field(default_factory=FoundConfig)
    faults: tuple[str, ...] = ()

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
    def origin(self) -> tuple[float, float, int]:
        """Equal for copies of one log, which the guide's pages have of their base run."""
        times = self.curves.loss.times
        return (float(times[0]), float(times[-1]), len(times)) if len(times) else (0.0, 0.0, 0)

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
        }


@dataclass(frozen=True)
class ImportedLogs:
    """All runs of a folder, in a natural order."""

    folder: Path
    runs: tuple[ImportedRun, ...]

    def pages(self) -> dict[str, list[ImportedRun]]:
        """Runs by page, in order."""
        found: dict[str, list[ImportedRun]] = {}
        for run in self.runs:
            found.setdefault(run.page, []).append(run)
        return found


def import_logs(folder: Path) -> ImportedLogs:
    """Read every run below a folder; event files of one folder are one run.

    Raises:
        InputError: no such folder, or no numbers in it.
    """
    folder = folder.resolve()
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder: give the folder that holds TensorBoard's logs.")
    by_run: dict[Path, list[Path]] = {}
    for file in event_files(folder):
        by_run.setdefault(file.parent, []).append(file)
    runs = [run for path, files in by_run.items() if (run := _import(folder, path, files))]
    if not any(run.curves.by_tag for run in runs):
        raise InputError(
            f"{folder} has no TensorBoard logs with numbers: give a folder with files named "
            "events.out.tfevents..., at any depth."
        )
    return ImportedLogs(folder, tuple(sorted(runs, key=lambda run: natural_key(run.run))))


def _import(folder: Path, path: Path, files: list[Path]) -> ImportedRun | None:
    readers = [ScalarReader(file) for file in files]
    curves = curves_from_scalars(scalar for reader in readers for scalar in reader.read_new())
    faults = tuple(fault for reader in readers for fault in reader.faults)
    # Accelerate puts a file of its own, without numbers, beside each run's.
    if not curves.by_tag and not faults:
        return None
    config = config_of(folder, path)
    return ImportedRun(
        path.relative_to(folder).as_posix(),
        curves,
        numbers_of_curves(curves),
        tuple(curve_findings(curves, config.settings)),
        config,
        faults,
    )

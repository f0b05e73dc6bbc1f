"""Reads a folder of TensorBoard logs, with configs where there are any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lib_t2p.errors import InputError
from lib_t2p.training.curves import (
    CurveFinding,
    curve_findings,
    curves_from_scalars,
    numbers_of_curves,
)
from lib_t2p.training.curves.planned import shortened
from lib_t2p.training.curves.siblings import beside_siblings
from lib_t2p.training.logs.comparing import unlearned
from lib_t2p.training.logs.config_search import ConfigFiles
from lib_t2p.training.logs.configs import config_of
from lib_t2p.training.logs.names import natural_key
from lib_t2p.training.logs.run import ImportedRun, by_page, distinct
from lib_t2p.training.scalars import ScalarReader
from lib_t2p.training.scalars.reader import event_files


@dataclass(frozen=True)
class ImportedLogs:
    """All runs of a folder, in a natural order."""

    folder: Path
    runs: tuple[ImportedRun, ...]

    def pages(self) -> dict[str, list[ImportedRun]]:
        """Runs by page, in order."""
        return by_page(self.runs)


def import_logs(folder: Path) -> ImportedLogs:
    """Read every run below a folder; event files of one folder are one run.

    Raises:
        InputError: no such folder, no numbers in it, or it is a whole disk.
    """
    folder = folder.resolve()
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder: give the folder that holds TensorBoard's logs.")
    by_run: dict[Path, list[Path]] = {}
    for file in event_files(folder):
        by_run.setdefault(file.parent, []).append(file)
    configs = ConfigFiles(folder)
    runs = [run for path, files in by_run.items() if (run := _import(folder, path, files, configs))]
    if not any(run.curves.by_tag for run in runs):
        raise InputError(
            f"{folder} has no TensorBoard logs with numbers: give a folder with files named "
            "events.out.tfevents..., at any depth."
        )
    ordered = sorted(runs, key=lambda run: natural_key(run.run))
    return ImportedLogs(folder, _told_together(ordered))


def _told_together(runs: Sequence[ImportedRun]) -> tuple[ImportedRun, ...]:
    """What shows only where a run stands beside others, of its page or of all."""
    findings: dict[str, tuple[CurveFinding, ...]] = {}
    for page in by_page(runs).values():
        members = distinct(page)
        told = beside_siblings(
            {run.name: run.curves for run in members}, {run.name: run.findings for run in members}
        )
        origins = {run.origin: told[run.name] for run in members}
        findings |= {run.run: origins[run.origin] for run in page}
    told_runs = [replace(run, findings=findings[run.run]) for run in runs]
    little = unlearned(told_runs)
    return tuple(
        replace(run, notes=(*run.notes, little[run.run])) if run.run in little else run
        for run in told_runs
    )


def _import(
    folder: Path, path: Path, files: list[Path], configs: ConfigFiles
) -> ImportedRun | None:
    readers = [ScalarReader(file) for file in files]
    curves = curves_from_scalars(scalar for reader in readers for scalar in reader.read_new())
    faults = tuple(fault for reader in readers for fault in reader.faults)
    # Accelerate puts a file of its own, without numbers, beside each run's.
    if not curves.by_tag and not faults:
        return None
    config = config_of(configs, path, curves)
    short = shortened(curves, config.values)
    return ImportedRun(
        path.relative_to(folder).as_posix(),
        curves,
        numbers_of_curves(curves),
        tuple(curve_findings(curves, config.settings)),
        config,
        faults,
        (short,) if short else (),
    )

"""Reads a folder of TensorBoard logs, with configs where there are any.

Several trainings in one folder or file are told apart by steps that start over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lib_t2p.curves import (
    CurveFinding,
    Curves,
    curve_findings,
    curves_from_scalars,
    numbers_of_curves,
)
from lib_t2p.curves.curve import EPOCH_TAGS
from lib_t2p.curves.epochs import shortened
from lib_t2p.curves.logs.config_search import ConfigFiles, natural_key
from lib_t2p.curves.logs.configs import config_of
from lib_t2p.curves.logs.log_comparison import unlearned
from lib_t2p.curves.logs.logged_run import ImportedRun, by_page, distinct
from lib_t2p.curves.scalars import Scalar, ScalarReader
from lib_t2p.curves.scalars.reader import event_files
from lib_t2p.curves.siblings import beside_siblings
from lib_t2p.errors import InputError

_PER_STEP = ("loss/current", "loss/average")


def trainings_of(scalars: Sequence[Scalar]) -> list[list[Scalar]]:
    """Part numbers where a training begins at its first step again.

    A resumed training goes back to its last saved state and stays one.

    Args:
        scalars: in the order of writing.
    """
    clock = _clock(scalars)
    first = next((s.step for s in scalars if s.tag == clock), 0)
    starts, latest = [0], first
    for at, scalar in enumerate(scalars):
        if scalar.tag != clock:
            continue
        if scalar.step <= first < latest:
            starts.append(_begin(scalars, at, starts[-1]))
        latest = scalar.step
    ends = [*starts[1:], len(scalars)]
    return [list(scalars[begin:end]) for begin, end in zip(starts, ends, strict=True)]


def _clock(scalars: Sequence[Scalar]) -> str:
    """The tag whose steps are counted: one of each step, as an epoch's begin at 1 too."""
    counts = Counter(s.tag for s in scalars if s.tag not in EPOCH_TAGS)
    known = next((tag for tag in _PER_STEP if tag in counts), "")
    return known or max(counts, key=lambda tag: counts[tag], default="")


def _begin(scalars: Sequence[Scalar], at: int, least: int) -> int:
    """Where the numbers of that first step begin, which may stand before its loss."""
    step, seen = scalars[at].step, {scalars[at].tag}
    while at - 1 > least:
        before = scalars[at - 1]
        if before.step != step or before.tag in (*EPOCH_TAGS, *seen):
            break
        seen.add(before.tag)
        at -= 1
    return at


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
    runs = [run for path, files in by_run.items() for run in _import(folder, path, files, configs)]
    if not any(run.curves.by_tag for run in runs):
        raise _nothing(folder, runs)
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


def _nothing(folder: Path, runs: Sequence[ImportedRun]) -> InputError:
    faults = [fault for run in runs for fault in run.faults]
    if faults:
        more = f" {len(faults) - 1} more files cannot be read." if faults[1:] else ""
        return InputError(
            f"{folder} has no TensorBoard logs with numbers. {faults[0]}{more} Copy them again."
        )
    return InputError(
        f"{folder} has no TensorBoard logs with numbers: give a folder with files named "
        "events.out.tfevents..., at any depth."
    )


def _import(folder: Path, path: Path, files: list[Path], configs: ConfigFiles) -> list[ImportedRun]:
    """The run of a folder, or the runs when several trainings wrote into it."""
    readers = [ScalarReader(file) for file in files]
    trainings = trainings_of([scalar for reader in readers for scalar in reader.read_new()])
    faults = tuple(f for reader in readers for f in (*reader.faults, *reader.unfinished))
    name, notes = path.relative_to(folder).as_posix(), list[str]()
    # Accelerate puts a file of its own, without numbers, beside each run's.
    if not any(trainings) and not faults:
        return []
    if len(trainings) > 1:
        notes.append(
            f"{len(trainings)} trainings lie in this folder, since the steps start over: each is "
            "shown as a run of its own."
        )
    return [
        _run(f"{name} ({n})" if notes else name, path, training, configs, faults, notes)
        for n, training in enumerate(trainings, 1)
    ]


def _run(
    name: str,
    path: Path,
    training: Sequence[Scalar],
    configs: ConfigFiles,
    faults: tuple[str, ...],
    notes: Sequence[str],
) -> ImportedRun:
    curves = curves_from_scalars(training)
    config = config_of(configs, path, curves)
    planned = {} if config.contradicted else config.values
    told = [*notes, shortened(curves, planned), _no_losses(curves)]
    return ImportedRun(
        name,
        curves,
        numbers_of_curves(curves),
        tuple(curve_findings(curves, config.settings)),
        config,
        faults,
        tuple(filter(None, told)),
    )


def _no_losses(curves: Curves) -> str:
    """A sentence on a log whose losses have names that are not known here; empty for others."""
    if not curves.by_tag or len(curves.loss) or len(curves.epochs):
        return ""
    tags = list(curves.by_tag)
    shown = ", ".join(tags[:5]) + (f" and {len(tags) - 5} more" if tags[5:] else "")
    return (
        f"It has no losses under the names of sd-scripts (loss/current, loss/average): its numbers "
        f"are called {shown}, and are not judged."
    )

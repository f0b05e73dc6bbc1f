"""Configs of imported logs, and what a log itself says against one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lib_t2p.curves import Curves, numbers_of_curves
from lib_t2p.curves.logs.config_search import ConfigFiles
from lib_t2p.errors import T2PError
from lib_t2p.json_io import loads
from lib_t2p.plurals import counted
from lib_t2p.settings import Settings, is_adaptive
from lib_t2p.settings.kohya import read_config

FALLEN = 0.5
"""Of the last rate to the highest."""

SETTLED = 20
"""Numbers of a rate from which its course can be told."""


def contradictions(values: Mapping[str, Any], curves: Curves) -> list[str]:
    """Why a config is not that of a log; empty when nothing speaks against it.

    Args:
        values: of the config, by sd-scripts' names.
        curves: of the log.
    """
    return [*_counts(values, curves), *_optimizer(values, curves), *_schedule(values, curves)]


def _counts(values: Mapping[str, Any], curves: Curves) -> Iterator[str]:
    numbers = numbers_of_curves(curves)
    epochs, steps = values.get("max_train_epochs"), values.get("max_train_steps")
    if isinstance(epochs, int) and epochs and numbers.epochs > epochs:
        yield f"it plans {counted(epochs, 'epoch')} and the log has {numbers.epochs}"
    elif isinstance(steps, int) and steps and not epochs and numbers.steps > steps:
        yield f"it plans {counted(steps, 'step')} and the log has {numbers.steps}"


def _optimizer(values: Mapping[str, Any], curves: Curves) -> Iterator[str]:
    optimizer = str(values.get("optimizer_type") or "")
    if optimizer and len(curves.dlr) and not is_adaptive(optimizer):
        yield f"it names {optimizer}, which finds no rate on its own, and the log has d x lr"


def _schedule(values: Mapping[str, Any], curves: Curves) -> Iterator[str]:
    rate = curves.rate.finite().values
    scheduler = str(values.get("lr_scheduler") or "")
    if not scheduler or len(rate) < SETTLED or rate.max() <= 0:
        return
    if scheduler == "constant" and rate[-1] < FALLEN * rate.max():
        yield "it keeps the learning rate constant, which falls in the log"
    elif scheduler in ("cosine", "linear", "polynomial") and rate.max() == rate.min():
        yield f"its schedule is {scheduler}, and the learning rate of the log stays the same"


MACHINE = (
    "num_cpu_threads_per_process", "num_processes", "num_machines", "multi_gpu", "gpu_ids",
    "max_data_loader_n_workers", "persistent_data_loader_workers",
)  # fmt: skip
"""How a machine works on a run; the GUI writes some that are no options of sd-scripts."""

NAMED = 4
"""Files that a sentence names."""


@dataclass(frozen=True)
class FoundConfig:
    """The config of a run.

    Attributes:
        path: None when there is none.
        values: by sd-scripts' names, in their options' types where they fit.
        settings: checked; None when the config has faults.
        fault: why it could not be used, one sentence; empty when it could.
        machine: how the machine worked on it, by the config's own names.
        doubt: that it is a guess, speaks against the log, or that several could be it; one
            sentence, empty when it lay where it belongs.
        contradicted: the log speaks against it.
    """

    path: Path | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    settings: Settings | None = None
    fault: str = ""
    machine: Mapping[str, Any] = field(default_factory=dict)
    doubt: str = ""
    contradicted: bool = False


def config_of(files: ConfigFiles, run: Path, curves: Curves) -> FoundConfig:
    """Find and read the config of a run.

    Args:
        files: that may be configs.
        run: folder of event files.
        curves: of the run, which may speak against a config.
    """
    candidates = files.of(run)
    if candidates.laid_out:
        return _laid_out(candidates.laid_out, curves)
    read = [_read(path) for path in candidates.guessed]
    fitting = [c for c in read if c.values and not contradictions(c.values, curves)]
    if not fitting:
        return FoundConfig()
    if any(config.values != fitting[0].values for config in fitting):
        return FoundConfig(doubt=_ambiguous([c.path for c in fitting if c.path]))
    name = fitting[0].path.name if fitting[0].path else ""
    return replace(
        fitting[0],
        doubt=f"That {name} is its config is a guess by the name: it lies where none is expected.",
    )


def _laid_out(paths: Sequence[Path], curves: Curves) -> FoundConfig:
    """The nearest that fits the log; without one the nearest, with what speaks against it."""
    read = [_read(path) for path in paths]
    against = [contradictions(config.values, curves) for config in read]
    for config, reasons in zip(read, against, strict=True):
        if config.values and not reasons:
            return config
    if not against[0]:
        return read[0]
    name = read[0].path.name if read[0].path else ""
    doubt = f"{name} may not be its config: {' and '.join(against[0])}."
    return replace(read[0], doubt=doubt, contradicted=True)


def _ambiguous(paths: Sequence[Path]) -> str:
    told = [f"{path.parent.name}/{path.name}" for path in paths[:NAMED]]
    more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
    return (
        f"Which config it had is not known: {', '.join(told)}{more} could be it, and they differ. "
        "Put the right one beside the run's folder, under the run's name."
    )


def _read(path: Path) -> FoundConfig:
    try:
        config = read_config(path).fitted()
    except T2PError as error:
        return FoundConfig(path, fault=_one_line(error))
    found = FoundConfig(path, config.values, machine=_machine(path))
    try:
        # Nothing is run, so names of code need no leave.
        return replace(found, settings=config.settings(trusted=True))
    except T2PError:
        # What our checks refuse was trained all the same; its values still name causes.
        return found


def _machine(path: Path) -> dict[str, Any]:
    if path.suffix.lower() != ".json":
        return {}
    told = loads(path.read_text(encoding="utf-8-sig"))
    return {key: told[key] for key in MACHINE if key in told}


def _one_line(error: T2PError) -> str:
    return " ".join(str(error).split())

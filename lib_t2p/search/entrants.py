"""The runs that a search chooses among, and the words by which Optuna knows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lib_t2p.sweeps import BASE, Sweep, SweepRun, expand

RUN = "run"
"""The one parameter of a sweep that changes one setting at a time: its values are run names."""


def entrants(sweep: Sweep, refused: Mapping[str, str]) -> list[SweepRun]:
    """The first of each group of repeats that may be trained.

    Args:
        sweep: to be searched.
        refused: name of a run -> why the checks refuse it.
    """
    first: dict[str, SweepRun] = {}
    for run in expand(sweep):
        first.setdefault(run.group, run)
    return [run for run in first.values() if not run.refused and run.name not in refused]


def search_space(sweep: Sweep, runs: Sequence[SweepRun]) -> dict[str, list[str]]:
    """Parameter -> its values, for the sampler.

    The runs of a product are points between axes, from whose neighbours TPE may learn; otherwise
    each run stands for itself.
    """
    if sweep.mode == "product" and sweep.axes and runs and runs[0].name != BASE:
        return {a.short_name: [choice.label for choice in a.choices] for a in sweep.axes}
    return {RUN: [run.name for run in runs]}


def entrant_of(
    sweep: Sweep, runs: Sequence[SweepRun], params: Mapping[str, str]
) -> SweepRun | None:
    """The run that a sampler's choice means; None when it is refused."""
    wanted = params[RUN] if RUN in params else _name(sweep, params)
    return next((run for run in runs if wanted in (run.name, *run.also)), None)


def _name(sweep: Sweep, params: Mapping[str, str]) -> str:
    """As `expanding` names a combination: choices that change nothing stay unnamed."""
    parts = []
    for axis in sweep.axes:
        label = params[axis.short_name]
        if any(choice.label == label and choice.changes for choice in axis.choices):
            parts.append(f"{axis.short_name}={label}")
    return ", ".join(parts) or BASE

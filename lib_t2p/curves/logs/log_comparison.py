"""The runs of a page compared step by step: settings on one track, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib_t2p.curves.comparable import differing
from lib_t2p.curves.comparison_words import listed
from lib_t2p.curves.logs.logged_run import ImportedRun, distinct
from lib_t2p.curves.logs.repeated_runs import Repeats
from lib_t2p.curves.paired_steps import Paired, paired
from lib_t2p.curves.tracks import Comparison, compare_on_tracks
from lib_t2p.plurals import counted

NOTHING_LEARNED = 1e-3
"""Of the log ratio to a run that learned nothing, and as much is missing to a correlation of 1."""


def compare(runs: Sequence[ImportedRun], repeats: Sequence[Repeats]) -> Comparison:
    """Compare the runs of a page by the losses of their steps.

    Args:
        runs: of the page.
        repeats: of the page; a setting that was repeated is what the others are held against.
    """
    runs = distinct(runs)
    if len(runs) < 2:
        return Comparison()
    known = [run for run in runs if run.config.values]
    if apart := differing([run.config.values for run in known]):
        return Comparison(notes=(_other_measure(apart),))
    unknown = [run.name for run in runs if not run.config.values]
    bases = {run.name for r in repeats for members in r.tracks for run in members}
    found = compare_on_tracks({run.name: run.curves for run in known}, bases)
    if not unknown:
        return found
    return Comparison(found.rows, (_without_config(unknown, len(runs)), *found.notes))


def unlearned(runs: Sequence[ImportedRun]) -> dict[str, str]:
    """Runs whose losses are those of a run that learned nothing, each with a sentence.

    Its d x lr may look usual all the same, as in the guide's run without `decouple`, whose weight
    decay of 0.6 holds all weights down.
    """
    stuck = [run for run in distinct(runs) if any(f.code == "lr-stuck" for f in run.findings)]
    found = {}
    for run in runs:
        if any(f.code in ("lr-stuck", "short-warmup") for f in run.findings):
            continue
        for other in stuck:
            pair = paired(run.curves, other.curves)
            if pair and pair.one_track and _alike(pair):
                found[run.run] = (
                    f"Step by step its losses are those of {other.run}, which learned nothing, "
                    f"within {100 * max(abs(pair.low - 1), abs(pair.high - 1)):.2g} % over "
                    f"{counted(pair.steps, 'step')}: it seems to have learned as little."
                )
    return found


def _alike(pair: Paired) -> bool:
    return abs(np.log(pair.ratio)) < NOTHING_LEARNED and pair.correlation > 1 - NOTHING_LEARNED


def _other_measure(apart: Sequence[str]) -> str:
    return (
        f"The runs differ in {listed(apart)}, which changes what the loss measures: "
        "they are not compared by it."
    )


def _without_config(names: Sequence[str], count: int) -> str:
    whose = "No run has" if len(names) == count else f"{listed(names)} {_has(names)}"
    config = "a config" if len(names) == count else "no config"
    return (
        f"{whose} {config}, so it is not known whether the losses measure the same thing (noise "
        "offset, min-SNR and resolution change that): they are not compared."
    )


def _has(names: Sequence[str]) -> str:
    return "has" if len(names) == 1 else "have"

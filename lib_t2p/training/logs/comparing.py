"""The runs of a page compared step by step: settings on one track, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib_t2p.training.comparable import differing
from lib_t2p.training.curves.pairing import Paired, paired
from lib_t2p.training.logs.run import ImportedRun, distinct
from lib_t2p.training.logs.tracks import Repeats
from lib_t2p.training.logs.wording import listed, per_cent

LEAST = 1e-4
"""Of the log ratio: the guide's repeats on one track differ by as much."""

NOTHING_LEARNED = 1e-3
"""Of the log ratio to a run that learned nothing, and as much is missing to a correlation of 1."""


@dataclass(frozen=True)
class Compared:
    """A run against another on its track."""

    run: str
    against: str
    pair: Paired

    @property
    def seen(self) -> bool:
        """The interval leaves out no difference, and repeats do not differ as much."""
        return (self.pair.low > 1 or self.pair.high < 1) and abs(np.log(self.pair.ratio)) > LEAST

    @property
    def said(self) -> str:
        """`lower`, `higher` or that no difference is seen."""
        return ("lower" if self.pair.ratio < 1 else "higher") if self.seen else "no difference seen"

    @property
    def sentence(self) -> str:
        """For people."""
        return (
            f"Step by step the losses of {self.run} differ from those of {self.against} by "
            f"{per_cent(self.pair)}: {self.said}."
        )


@dataclass(frozen=True)
class Comparison:
    """What the losses of a page allow to say.

    Attributes:
        rows: runs with equal draws on one track.
        notes: which runs are not compared, and why.
    """

    rows: tuple[Compared, ...] = ()
    notes: tuple[str, ...] = ()


def compare(runs: Sequence[ImportedRun], repeats: Sequence[Repeats]) -> Comparison:
    """Compare the runs of a page by the losses of their steps.

    Args:
        runs: of the page.
        repeats: of the page; a setting that was repeated is what the others are held against.
    """
    runs = distinct(runs)
    if len(runs) < 2:
        return Comparison()
    if apart := differing([run.config.values for run in runs if run.config.values]):
        return Comparison(notes=(_other_measure(apart),))
    known = [run for run in runs if run.config.values]
    unknown = [run.name for run in runs if not run.config.values]
    notes = [_without_config(unknown, len(runs))] if unknown else []
    tracks = _tracks(known)
    rows = [row for track in tracks for row in _against(track, repeats)]
    notes += _apart([track for track in tracks if len(track) == 1], tracks)
    if sum(len(track) > 1 for track in tracks) > 1:
        notes.append("The runs are on several tracks, each of which is compared by itself.")
    return Comparison(tuple(rows), tuple(notes))


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
                    f"{pair.steps} steps: it seems to have learned as little."
                )
    return found


def _alike(pair: Paired) -> bool:
    return abs(np.log(pair.ratio)) < NOTHING_LEARNED and pair.correlation > 1 - NOTHING_LEARNED


def _tracks(runs: Sequence[ImportedRun]) -> list[list[ImportedRun]]:
    tracks: list[list[ImportedRun]] = []
    for run in runs:
        track = next((t for t in tracks if _one_track(t[0], run)), None)
        if track is None:
            tracks.append([run])
        else:
            track.append(run)
    return tracks


def _one_track(run: ImportedRun, other: ImportedRun) -> bool:
    pair = paired(run.curves, other.curves)
    return pair is not None and pair.one_track


def _apart(
    alone: Sequence[Sequence[ImportedRun]], tracks: Sequence[Sequence[ImportedRun]]
) -> list[str]:
    """Why runs are compared with none."""
    if len(tracks) < 2:
        return []
    level: list[str] = []
    other: list[str] = []
    for (run,) in alone:
        rest = [track[0] for track in tracks if track[0] is not run]
        pairs = [paired(run.curves, one.curves) for one in rest]
        (level if any(p and p.equal_draws for p in pairs) else other).append(run.name)
    notes = []
    if level:
        notes.append(
            f"{listed(level)}: not compared by loss, since its level is another from the first "
            "steps on, before anything was learned: another track, or another checkpoint."
        )
    if other:
        notes.append(f"{listed(other)}: not compared by loss, since other numbers were drawn.")
    return notes


def _against(track: Sequence[ImportedRun], repeats: Sequence[Repeats]) -> list[Compared]:
    repeated = {run.run for r in repeats for members in r.tracks for run in members}
    base = next((run for run in track if run.run in repeated), track[0])
    pairs = [(run, paired(run.curves, base.curves)) for run in track if run is not base]
    return [Compared(run.name, base.name, pair) for run, pair in pairs if pair]


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

"""Runs that were made several times, and what their repeats tell.

Two trainings with the same settings and the same draws may still differ by a steady factor from
their first step on: the guide's base run does, by 1.047, and nobody knows why. Such a gap between
two tracks is no noise; how far repeats on one track end from each other is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lib_t2p.curves.comparison_words import factor, listed
from lib_t2p.curves.logs.logged_run import ImportedRun, by_page, distinct
from lib_t2p.curves.numbers import finite_or_none
from lib_t2p.curves.paired_steps import Paired, paired

REPEATED = 0.005
"""Of the log ratio of two repeats on one track over the whole run; in the guide at most 0.0001."""

KEPT_OUT = ("output_", "logging_", "log_", "save_", "sample_", "metadata_", "training_comment")
"""Beginnings of options that change no step."""


@dataclass(frozen=True)
class Repeats:
    """One training that was made several times.

    Attributes:
        page: of the runs.
        setting: their common name, or their names where they differ in how the machine worked.
        tracks: the runs that repeat each other, the longest first; a run alone is a track too.
        between: the first run of the first track against the first of each other track.
    """

    page: str
    setting: str
    tracks: tuple[tuple[ImportedRun, ...], ...]
    between: tuple[Paired | None, ...]

    @property
    def noise(self) -> float | None:
        """The largest difference of the last average loss on one track; None without repeats."""
        gaps = [gap for track in self.tracks if (gap := _gap(track)) is not None]
        return max(gaps, default=None)

    @property
    def said(self) -> list[str]:
        """For people who know the page."""
        on_track = [_on_one_track(track) for track in self.tracks if len(track) > 1]
        first = self.tracks[0][0]
        rest = zip(self.tracks[1:], self.between, strict=True)
        return [*on_track, *(_apart(self.setting, first, track[0], pair) for track, pair in rest)]

    @property
    def sentences(self) -> list[str]:
        """The same with the page."""
        return [f"{self.page}: {said}" if self.page else said for said in self.said]


def repeats_of(runs: Sequence[ImportedRun]) -> list[Repeats]:
    """Trainings of each page that were made several times; copies of one log are no repeat."""
    found = []
    for page, members in by_page(runs).items():
        for group in _groups(distinct(members)):
            if len(group) > 1:
                found.append(_repeats(page, group))
    return found


def told_once(repeats: Sequence[Repeats]) -> list[Repeats]:
    """Each training once, however many pages have copies of its logs."""
    found: dict[object, Repeats] = {}
    for repeat in repeats:
        key = frozenset(run.origin for track in repeat.tracks for run in track)
        found.setdefault(key, repeat)
    return list(found.values())


def _groups(runs: Sequence[ImportedRun]) -> list[list[ImportedRun]]:
    groups: list[list[ImportedRun]] = []
    for run in runs:
        group = next((g for g in groups if any(_same(run, other) for other in g)), None)
        if group is None:
            groups.append([run])
        else:
            group.append(run)
    return groups


def _same(run: ImportedRun, other: ImportedRun) -> bool:
    """Equal but for the day, or for how the machine worked on it."""
    mine, theirs = _changing(run.config.values), _changing(other.config.values)
    if run.setting == other.setting:
        return not (mine and theirs) or mine == theirs
    # Names that nothing in the configs explains tell of something that is not in them.
    explained = run.config.machine != other.config.machine
    return bool(mine) and mine == theirs and explained


def _changing(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in values.items() if not k.startswith(KEPT_OUT)}


def _repeats(page: str, runs: Sequence[ImportedRun]) -> Repeats:
    tracks: list[list[ImportedRun]] = []
    for run in runs:
        track = next((t for t in tracks if _repeat(t[0], run)), None)
        if track is None:
            tracks.append([run])
        else:
            track.append(run)
    tracks.sort(key=len, reverse=True)
    first = tracks[0][0]
    names = list(dict.fromkeys(run.setting for run in runs))
    return Repeats(
        page,
        names[0] if len(names) == 1 else listed([run.name for run in runs]),
        tuple(tuple(track) for track in tracks),
        tuple(paired(first.curves, track[0].curves) for track in tracks[1:]),
    )


def _repeat(run: ImportedRun, other: ImportedRun) -> bool:
    pair = paired(run.curves, other.curves)
    return pair is not None and pair.one_track and abs(np.log(pair.ratio)) <= REPEATED


def _losses(runs: Iterable[ImportedRun]) -> list[float]:
    told = [finite_or_none(run.numbers.final_average_loss) for run in runs]
    return [loss for loss in told if loss is not None]


def _gap(track: Sequence[ImportedRun]) -> float | None:
    losses = _losses(track)
    return max(losses) - min(losses) if len(losses) > 1 else None


def _on_one_track(track: Sequence[ImportedRun]) -> str:
    names = listed([run.name for run in track])
    losses, gap = _losses(track), _gap(track)
    told = "" if gap is None else f" and end within {gap:.5f}, at {losses[0]:.4f} average loss"
    return (
        f"{names} repeat one training on one track: their step losses go together{told}. "
        "That is how far equal runs differ."
    )


def _apart(setting: str, run: ImportedRun, other: ImportedRun, pair: Paired | None) -> str:
    losses = _losses((run, other))
    ends = f" at {losses[0]:.4f} and {losses[1]:.4f} average loss" if len(losses) == 2 else ""
    told = f"{setting} was trained"
    if run.setting != other.setting:
        told = f"One training was made as {run.name} and as {other.name}"
    head = f"{told} with equal settings and ended{ends}"
    if pair is None:
        return (
            f"{head}; without the losses of single steps it is not known whether they drew the "
            "same, so this is no noise figure."
        )
    if not pair.equal_draws:
        return (
            f"{head}, with other draws (their step losses correlate at {pair.correlation:.2f}): so "
            "large a difference between two settings may be chance."
        )
    told = f"{head}, with the same draws (their step losses correlate at {pair.correlation:.4f})"
    if pair.start is not None and abs(np.log(pair.start)) > REPEATED and pair.steady:
        return (
            f"{told} and a steady factor of {factor(pair)} from the first step on, cause unknown: "
            "two tracks. The gap is no noise figure; settings are compared on one track."
        )
    return f"{told} and a factor of {factor(pair)} that comes and goes: this is no noise figure."

"""Runs held against each other step by step, each on its own track."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lib_t2p.curves.comparison_words import listed, per_cent
from lib_t2p.curves.curve import Curves
from lib_t2p.curves.paired_steps import Paired, paired

LEAST = 1e-4
"""Of the log ratio: the guide's repeats on one track differ by as much."""


@dataclass(frozen=True)
class Compared:
    """A run against another on its track, by their names."""

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
    def difference(self) -> str:
        """In per cent, with its interval."""
        return per_cent(self.pair)

    @property
    def sentence(self) -> str:
        """For people."""
        return (
            f"Step by step the losses of {self.run} differ from those of {self.against} by "
            f"{self.difference}: {self.said}."
        )


@dataclass(frozen=True)
class Comparison:
    """What the losses of some runs allow to say.

    Attributes:
        rows: runs with equal draws on one track.
        notes: which runs are not compared, and why.
    """

    rows: tuple[Compared, ...] = ()
    notes: tuple[str, ...] = ()


def compare_on_tracks(curves: Mapping[str, Curves], bases: Collection[str] = ()) -> Comparison:
    """Compare runs whose losses measure the same thing.

    Args:
        curves: of the runs, by name.
        bases: names of runs that the others of their track are held against; without one on a
            track its first run.
    """
    tracks = _tracks(curves)
    rows = [row for track in tracks for row in _against(curves, track, bases)]
    notes = _apart(curves, tracks)
    if sum(len(track) > 1 for track in tracks) > 1:
        notes.append("The runs are on several tracks, each of which is compared separately.")
    return Comparison(tuple(rows), tuple(notes))


def _tracks(curves: Mapping[str, Curves]) -> list[list[str]]:
    tracks: list[list[str]] = []
    for name, own in curves.items():
        for track in tracks:
            pair = paired(curves[track[0]], own)
            if pair is not None and pair.one_track:
                track.append(name)
                break
        else:
            tracks.append([name])
    return tracks


def _against(
    curves: Mapping[str, Curves], track: Sequence[str], bases: Collection[str]
) -> list[Compared]:
    base = next((name for name in track if name in bases), track[0])
    pairs = [(name, paired(curves[name], curves[base])) for name in track if name != base]
    return [Compared(name, base, pair) for name, pair in pairs if pair]


def _apart(curves: Mapping[str, Curves], tracks: Sequence[Sequence[str]]) -> list[str]:
    """Why runs are compared with none."""
    if len(tracks) < 2:
        return []
    level: list[str] = []
    other: list[str] = []
    for track in tracks:
        if len(track) == 1:
            rest = [one[0] for one in tracks if one is not track]
            pairs = [paired(curves[track[0]], curves[name]) for name in rest]
            (level if any(p and p.equal_draws for p in pairs) else other).append(track[0])
    notes = []
    if level:
        notes.append(
            f"{listed(level)}: not compared by loss: another level from the first steps on, before "
            "anything was learned, which is another track or another checkpoint."
        )
    if other:
        notes.append(f"{listed(other)}: not compared by loss: other numbers were drawn.")
    return notes

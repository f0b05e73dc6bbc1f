"""Scores of a grid as a table."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from lib_t2p.errors import T2PError
from lib_t2p.grids import read_plan, shown_plan
from lib_t2p.scores import known_verdict
from lib_t2p.scores.verdict import Interval, Summary, Verdict, read_scores
from lib_t2p.ui.markup import message, table
from lib_t2p.workspace import GridFolder, PersonFolder

HEADER = (
    "Saved model",
    "Weight",
    "Distance (lower is closer)",
    "95 % interval",
    "Faces found",
    "Copies of training photos",
    "Sharpness",
)


def score_table(grid: GridFolder, person: PersonFolder) -> str:
    """Numbers without LoRA and of every saved model and weight; the leader stands out."""
    if not grid.scores.exists():
        return ""
    try:
        verdict, titles = judged(grid, person)
    except T2PError:
        return ""
    summaries = [verdict.reference, *verdict.candidates]
    leader = next((n for n, s in enumerate(summaries) if s.candidate == verdict.leader), -1)
    notes = _notes(grid, grid.scores.stat().st_mtime_ns)
    return table(HEADER, [_row(s, titles) for s in summaries], marked=leader) + notes


@lru_cache(maxsize=16)
def _notes(grid: GridFolder, _: int) -> str:
    """Why a score is absent or less sure, such as pictures of another person."""
    return message("\n".join(read_scores(grid).notes), "warn")


def judged(grid: GridFolder, person: PersonFolder) -> tuple[Verdict, dict[str, str]]:
    """The verdict of a scored grid, and what people read for each stem.

    Raises:
        InputError, FaultsError, WorkspaceError: a file of the grid is missing or damaged.
    """
    plan = shown_plan(read_plan(grid), grid)
    return known_verdict(grid, person), {s: plan.title_of(s) for s in plan.stems}


def _row(summary: Summary, titles: dict[str, str]) -> list[str]:
    model, weight = summary.candidate.model, summary.candidate.weight
    memorised = "not judged" if summary.memorised is None else str(summary.memorised)
    sharpness = "" if summary.sharpness is None else f"{summary.sharpness:.3g}"
    return [
        escape(titles.get(model, model) if model else "no LoRA"),
        f"{weight:g}" if model else "",
        "no face" if summary.distance is None else f"{summary.distance.mean:.3f}",
        _interval(summary.distance),
        f"{summary.found} of {summary.pictures}",
        memorised,
        sharpness,
    ]


def _interval(interval: Interval | None) -> str:
    if interval is None:
        return ""
    if not interval.known:
        return "too few faces"
    return f"{interval.low:.3f} to {interval.high:.3f}"

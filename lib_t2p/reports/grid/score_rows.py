"""The score table of the report, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lib_t2p.grids import GridPlan
from lib_t2p.reports.grid.svg_plot import interval_bar
from lib_t2p.scores.verdict import (
    Interval,
    RealPhotos,
    Summary,
    Verdict,
    distance_numbers,
    real_interval,
)

DASH = "\u2013"


@dataclass(frozen=True)
class ScoreRow:
    """One line of the table; all but `bar` is plain text.

    Attributes:
        kind: `real`, `reference`, `best`, `tie` or empty.
        name: saved model, or what else is measured.
        weight: LoRA weight.
        distance: mean and interval.
        bar: the same as inline SVG.
        faces: found of all.
        memorised: pictures nearer to a training photo than real photos are to each other.
        nearest: mean distance to the nearest training photo.
        copies: share of the pictures that show a training photo again.
        repeats: share of the pairs of seeds that show the same picture.
        burnt: mean share of clipped colours.
        sharpness: mean over the faces.
        spread: between seeds.
        remark: what the verdict says of it.
    """

    kind: str
    name: str
    weight: str
    distance: str
    bar: str
    faces: str
    memorised: str
    nearest: str
    copies: str
    repeats: str
    burnt: str
    sharpness: str
    spread: str
    remark: str


def table_rows(plan: GridPlan, verdict: Verdict, real: RealPhotos) -> list[ScoreRow]:
    """Real photos and no LoRA first, then all candidates in the plan's order."""
    photos = real_interval(real)
    summaries = (verdict.reference, *verdict.candidates, *verdict.fresh)
    scale = _Scale.over(photos, [s.distance for s in summaries])
    rows = [_real_row(photos, real, scale)] if photos else []
    rows.append(_row("reference", "no LoRA", DASH, verdict.reference, scale, "to compare with"))
    for summary in verdict.candidates:
        candidate = summary.candidate
        kind, remark = _remark(summary, verdict)
        name, weight = plan.title_of(candidate.model), f"{candidate.weight:g}"
        rows.append(_row(kind, name, weight, summary, scale, remark))
    for summary in verdict.fresh:
        name = f"{plan.title_of(summary.candidate.model)}, fresh seeds"
        weight = f"{summary.candidate.weight:g}"
        rows.append(_row("", name, weight, summary, scale, "drawn after the choice"))
    return rows


@dataclass(frozen=True)
class _Scale:
    end: float
    band: tuple[float, float] | None

    @staticmethod
    def over(photos: Interval | None, intervals: Sequence[Interval | None]) -> _Scale:
        known = [i for i in (photos, *intervals) if i]
        end = max((i.high for i in known), default=1.0) * 1.05
        return _Scale(end, (photos.low, photos.high) if photos else None)

    def bar(self, interval: Interval | None) -> str:
        if interval is None:
            return ""
        return interval_bar(
            interval.low, interval.mean, interval.high, band=self.band, end=self.end
        )


def _real_row(photos: Interval, real: RealPhotos, scale: _Scale) -> ScoreRow:
    total = real.held_out + real.training + real.without_face
    return ScoreRow(
        kind="real",
        name="real photos",
        weight=DASH,
        distance=distance_numbers(photos),
        bar=scale.bar(photos),
        faces=f"{total - real.without_face} of {total}",
        memorised=DASH,
        nearest=_number(sum(real.nearest) / len(real.nearest) if real.nearest else None, 2),
        copies=DASH,
        repeats=DASH,
        burnt=_share(sum(real.burnt) / len(real.burnt) if real.burnt else None),
        sharpness=DASH,
        spread=DASH,
        remark="as close as it gets",
    )


def _row(
    kind: str, name: str, weight: str, summary: Summary, scale: _Scale, remark: str
) -> ScoreRow:
    memorised = summary.memorised
    return ScoreRow(
        kind=kind,
        name=name,
        weight=weight,
        distance=distance_numbers(summary.distance),
        bar=scale.bar(summary.distance),
        faces=f"{summary.found} of {summary.pictures}",
        memorised="not judged" if memorised is None else f"{memorised} of {summary.found}",
        nearest=_number(summary.nearest, 2),
        copies=_share(summary.copies),
        repeats=_share(summary.repeats),
        burnt=_share(summary.burnt),
        sharpness=_number(summary.sharpness, 1),
        spread=_number(summary.seed_spread, 3),
        remark=remark,
    )


def _remark(summary: Summary, verdict: Verdict) -> tuple[str, str]:
    if summary.candidate == verdict.best:
        return "best", "best"
    if summary.candidate == verdict.leader:
        return "tie", "closest"
    if summary.candidate in verdict.ties:
        return "tie", "cannot be told apart from the closest"
    return "", "left out" if summary.candidate in dict(verdict.barred) else ""


def _number(value: float | None, digits: int) -> str:
    return DASH if value is None else f"{value:.{digits}f}"


def _share(value: float | None) -> str:
    return DASH if value is None else f"{value:.0%}"

"""Numbers of each candidate (a saved model at a weight), and why one cannot be the best."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, pstdev

import numpy as np

from lib_t2p.grids import GridPlan
from lib_t2p.scores.verdict.scores import CellScore, RealPhotos, Scores
from lib_t2p.scores.verdict.statistics import Interval, Picture, bootstrap_interval, seed_means
from lib_t2p.vision.likeness import PHOTO_COPY

MOST_COPIES = 0.5
"""Share of a candidate's pictures from which it repeats photos instead of knowing the person."""
MOST_REPEATS = 0.2
"""Share of the pairs of its seeds that show the same picture, likewise: between 0.07, the most of
any planted model that knows a person, and 0.43, the least of the copying one at full weight
(tuning seeds of `benchmarks.verdict`). Of k photos learnt by heart 1 / k of the pairs show one."""
FULL_WEIGHT = 1.0
"""What a model repeats up to this weight it has learnt by heart; above it much is distorted."""


def barred(candidates: Sequence[Summary], reference: Summary) -> list[tuple[Summary, str]]:
    """The candidates that may never be the best, each with a reason.

    A model that repeats photos at its full weight or less is left out at every weight: what it
    learnt by heart comes through more faintly there, but it does.

    Args:
        candidates: all of them.
        reference: the same pictures without LoRA. Pictures that are alike without LoRA too, such as
            those of one start picture or one pose, say nothing against a model.
    """
    found = [(summary, _why_not(summary, reference)) for summary in candidates]
    parrots = {
        summary.candidate.model: summary.candidate.weight
        for summary in candidates
        if summary.candidate.weight <= FULL_WEIGHT and is_copying(summary, reference)
    }
    return [
        (summary, reason or f"it repeats photos at weight {parrots[summary.candidate.model]:g}")
        for summary, reason in found
        if reason or summary.candidate.model in parrots
    ]


def is_copying(summary: Summary, reference: Summary) -> bool:
    """The candidate repeats photos instead of knowing the person."""
    return any(_copying(summary, reference))


def _copying(summary: Summary, reference: Summary) -> Iterator[str]:
    if summary.memorised is not None and summary.memorised > MOST_COPIES * summary.found:
        yield (
            f"{summary.memorised} of {summary.found} of its faces are nearer to a training photo "
            "than real photos are to each other"
        )
    if _many(summary.copies, reference.copies, MOST_COPIES):
        yield f"{summary.copies:.0%} of its pictures show a training photo again"
    if _many(summary.repeats, reference.repeats, MOST_REPEATS):
        yield f"{summary.repeats:.0%} of the pairs of its seeds show the same picture"


def _many(share: float | None, without: float | None, limit: float) -> bool:
    return share is not None and share >= limit and (without or 0.0) < limit


def _why_not(summary: Summary, reference: Summary) -> str | None:
    if not summary.enough_faces:
        return f"a face was found in fewer than {MIN_FACES:.0%} of its pictures"
    return next(_copying(summary, reference), None)


MIN_FACES = 0.8
"""Share of pictures with a face below which a candidate cannot be the best."""
COPY_QUANTILE = 0.1
"""A face nearer to a training photo than all but this share of real photos is a copy."""
MIN_BAND = 5
"""Real photos from which their spread says something."""


@dataclass(frozen=True)
class Candidate:
    """A saved model at a LoRA weight; the stem is empty for no LoRA."""

    model: str
    weight: float


@dataclass(frozen=True)
class Summary:
    """What a candidate's pictures show.

    Attributes:
        candidate: whose pictures.
        pictures: how many.
        found: pictures with a face.
        distance: likeness over the found faces, its interval over seeds; None when there is none.
        memorised: pictures nearer to a training photo than real photos are to each other; None
            when that cannot be judged.
        nearest: mean distance to the nearest training photo, or None.
        sharpness: mean over the found faces, or None.
        seed_spread: standard deviation of the distance between seeds of one prompt, mean over
            the prompts; None with fewer than two faces for each prompt.
        by_picture: distances of the found faces.
        copies: share of the pictures that show a training photo again, pose and background too;
            None without training photos.
        repeats: share of the pairs of seeds that show the same picture; None with one seed.
        copied: mean likeness with the nearest training photo, -1 to 1, or None.
        burnt: mean share of clipped colours, 0 to 1, or None.
    """

    candidate: Candidate
    pictures: int
    found: int
    distance: Interval | None
    memorised: int | None
    nearest: float | None
    sharpness: float | None
    seed_spread: float | None
    by_picture: dict[Picture, float]
    copies: float | None = None
    repeats: float | None = None
    copied: float | None = None
    burnt: float | None = None

    @property
    def seeds(self) -> int:
        """Seeds with a face."""
        return self.distance.n if self.distance else 0

    @property
    def enough_faces(self) -> bool:
        """Faces were found often enough for the candidate to be the best."""
        return self.distance is not None and self.found >= MIN_FACES * self.pictures


def summarise(plan: GridPlan, scores: Scores) -> tuple[Summary, list[Summary]]:
    """Give the no-LoRA summary, and those of all candidates in the plan's order."""
    limit = copy_limit(scores.real)
    wanted = [Candidate(stem, weight) for stem in plan.stems for weight in plan.weights]
    return (
        _summary(Candidate("", 0.0), scores, limit),
        [_summary(candidate, scores, limit) for candidate in wanted],
    )


def summary_of(scores: Scores, candidate: Candidate, ids: Collection[str]) -> Summary:
    """Give the numbers of these cells alone, all of them the candidate's."""
    chosen = replace(scores, cells=tuple(c for c in scores.cells if c.id in ids))
    return _summary(candidate, chosen, copy_limit(scores.real))


def copy_limit(real: RealPhotos) -> float | None:
    """Distance to the nearest training photo below which a picture counts as memorised.

    It is the 10 % quantile of the real photos' own distances to their nearest training photo.
    None when memorisation cannot be judged.
    """
    if real.heldout_are_variants or not real.nearest:
        return None
    return float(np.quantile(real.nearest, COPY_QUANTILE))


def photo_limit(real: RealPhotos) -> float:
    """Likeness with a training photo, -1 to 1, from which a picture shows it again.

    That of a copy, unless training photos are more alike among each other, as
    those of one burst are: then all but 10 % of these.
    """
    alike = float(np.quantile(real.alike, 1 - COPY_QUANTILE)) if real.alike else 0.0
    return max(PHOTO_COPY, alike)


def band_limit(real: RealPhotos) -> float | None:
    """Distance up to which pictures are as near to the held-out photos as real photos are.

    All but 10 % of the real photos are. None with fewer than 5 of them.
    """
    if len(real.distances) < MIN_BAND:
        return None
    return float(np.quantile(real.distances, 1 - COPY_QUANTILE))


def real_interval(real: RealPhotos) -> Interval | None:
    """Mean distance of real photos to the held-out ones; None when there is only one photo."""
    return bootstrap_interval(real.distances) if real.distances else None


def _summary(candidate: Candidate, scores: Scores, limit: float | None) -> Summary:
    cells = [c for c in scores.cells if (c.model, c.weight) == (candidate.model, candidate.weight)]
    by_picture = {
        Picture(c.seed, c.prompt, c.point): c.distance for c in cells if c.distance is not None
    }
    near = [c.nearest_training for c in cells if c.nearest_training is not None]
    sharp = [c.sharpness for c in cells if c.sharpness is not None]
    copied = [c.copied for c in cells if c.copied is not None]
    burnt = [c.burnt for c in cells if c.burnt is not None]
    repeated = [c.repeated for c in cells if c.repeated is not None]
    return Summary(
        candidate=candidate,
        pictures=len(cells),
        found=len(by_picture),
        distance=bootstrap_interval(list(seed_means(by_picture).values())) if by_picture else None,
        memorised=None if limit is None else sum(d < limit for d in near),
        nearest=fmean(near) if near else None,
        sharpness=fmean(sharp) if sharp else None,
        seed_spread=_seed_spread(cells),
        by_picture=by_picture,
        copies=sum(c >= photo_limit(scores.real) for c in copied) / len(copied) if copied else None,
        repeats=fmean(repeated) if repeated else None,
        copied=fmean(copied) if copied else None,
        burnt=fmean(burnt) if burnt else None,
    )


def _seed_spread(cells: list[CellScore]) -> float | None:
    groups: dict[tuple[int, str], list[float]] = {}
    for cell in cells:
        if cell.distance is not None:
            groups.setdefault((cell.prompt, cell.point), []).append(cell.distance)
    spreads = [pstdev(group) for group in groups.values() if len(group) > 1]
    return fmean(spreads) if spreads else None

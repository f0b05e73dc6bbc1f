"""Numbers of each candidate (a saved model at a weight), gathered from its cells."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass, replace
from statistics import fmean, pstdev

import numpy as np

from lib_t2p.generation.plan import GridPlan
from lib_t2p.generation.scores import CellScore, RealPhotos, Scores
from lib_t2p.generation.statistics import Interval, bootstrap_interval

MIN_FACES = 0.8
"""Share of pictures with a face below which a candidate cannot be the best."""
COPY_QUANTILE = 0.1
"""A picture nearer to a training photo than all but this share of real photos is a copy."""


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
        distance: likeness over the found faces; None when there is none.
        memorised: pictures nearer to a training photo than real photos are to each other; None
            when that cannot be judged.
        nearest: mean distance to the nearest training photo, or None.
        sharpness: mean over the found faces, or None.
        seed_spread: standard deviation of the distance between seeds of one prompt, mean over
            the prompts; None with fewer than two faces for each prompt.
        by_picture: (prompt, seed, point) -> distance of the found faces.
    """

    candidate: Candidate
    pictures: int
    found: int
    distance: Interval | None
    memorised: int | None
    nearest: float | None
    sharpness: float | None
    seed_spread: float | None
    by_picture: dict[Hashable, float]

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


def real_interval(real: RealPhotos) -> Interval | None:
    """Mean distance of real photos to the held-out ones; None when there is only one photo."""
    return bootstrap_interval(real.distances) if real.distances else None


def _summary(candidate: Candidate, scores: Scores, limit: float | None) -> Summary:
    cells = [c for c in scores.cells if (c.model, c.weight) == (candidate.model, candidate.weight)]
    by_picture: dict[Hashable, float] = {
        (c.prompt, c.seed, c.point): c.distance for c in cells if c.distance is not None
    }
    near = [c.nearest_training for c in cells if c.nearest_training is not None]
    sharp = [c.sharpness for c in cells if c.sharpness is not None]
    return Summary(
        candidate=candidate,
        pictures=len(cells),
        found=len(by_picture),
        distance=bootstrap_interval(list(by_picture.values())) if by_picture else None,
        memorised=None if limit is None else sum(d < limit for d in near),
        nearest=fmean(near) if near else None,
        sharpness=fmean(sharp) if sharp else None,
        seed_spread=_seed_spread(cells),
        by_picture=by_picture,
    )


def _seed_spread(cells: list[CellScore]) -> float | None:
    groups: dict[tuple[int, str], list[float]] = {}
    for cell in cells:
        if cell.distance is not None:
            groups.setdefault((cell.prompt, cell.point), []).append(cell.distance)
    spreads = [pstdev(group) for group in groups.values() if len(group) > 1]
    return fmean(spreads) if spreads else None

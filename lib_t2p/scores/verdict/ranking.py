"""The order of a grid's saved models, for those who decide which are kept."""

from __future__ import annotations

from lib_t2p.errors import T2PError
from lib_t2p.grids import read_plan
from lib_t2p.scores.verdict.scores import read_scores
from lib_t2p.scores.verdict.summaries import summarise
from lib_t2p.workspace import GridFolder, PersonFolder


def ranked_models(grid: GridFolder) -> list[str]:
    """Stems of a judged grid, nearest to the person first, each at its best weight.

    Models without enough faces come last. Empty before the report, which holds the verdict.
    """
    if not grid.report.exists() or not grid.scores.exists():
        return []
    try:
        _, candidates = summarise(read_plan(grid), read_scores(grid))
    except T2PError:
        # A damaged grid keeps every model.
        return []
    best: dict[str, float] = {}
    for one in candidates:
        enough = one.distance is not None and one.enough_faces
        mean = one.distance.mean if enough and one.distance else float("inf")
        stem = one.candidate.model
        best[stem] = min(mean, best.get(stem, float("inf")))
    return sorted((stem for stem in best if stem), key=lambda stem: best[stem])


def judged_models(person: PersonFolder) -> list[list[str]]:
    """For each judged grid of a person its models, nearest first."""
    return [ranking for grid in person.grids() if (ranking := ranked_models(grid))]

"""One number per saved model, for a search that must put them into an order."""

from __future__ import annotations

from lib_t2p.errors import InputError
from lib_t2p.grids import GridPlan
from lib_t2p.scores.verdict.scores import Scores


def mean_distances(plan: GridPlan, scores: Scores) -> dict[str, float]:
    """Mean distance to the held-out photos of every saved model of a grid.

    A picture without a face counts as the farthest picture of the grid, so that a model is not
    better for the pictures that it spoils.

    Returns:
        Stem -> distance in the embedder's unit; lower is closer.

    Raises:
        InputError: no picture of the grid shows a face.
    """
    known = [cell.distance for cell in scores.cells if cell.distance is not None]
    if not known:
        raise InputError(
            "No picture shows a face, so the runs cannot be compared: train longer before they "
            "are (a larger first rung), or choose prompts that show the face."
        )
    farthest = max(known)
    found: dict[str, float] = {}
    for stem in plan.stems:
        cells = [cell for cell in scores.cells if cell.model == stem]
        values = [farthest if cell.distance is None else cell.distance for cell in cells]
        found[stem] = sum(values) / len(values) if values else farthest
    return found

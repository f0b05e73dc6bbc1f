"""A grid of saved models by LoRA weight, painted as a look says."""

from __future__ import annotations

from collections.abc import Sequence

from lib_t2p.grids.axes.axes import Axis, GridModel
from lib_t2p.grids.grid_plan import GridPlan
from lib_t2p.painting import ComparedPictures, picture_values


def looked_plan(
    person: str,
    dataset: int,
    checkpoint: str,
    look: ComparedPictures,
    models: Sequence[GridModel],
    weights: tuple[float, ...],
) -> GridPlan:
    """Saved models by LoRA weight, painted as a look says.

    Args:
        person: folder name.
        dataset: version whose photos the pictures are compared with.
        checkpoint: base checkpoint.
        look: how all pictures are painted.
        models: rows.
        weights: columns.
    """
    return GridPlan(
        person=person,
        dataset=dataset,
        checkpoint=checkpoint,
        models=tuple(models),
        x=Axis("lora_weight", weights),
        y=Axis("saved_model", tuple(model.stem for model in models)),
        prompts=look.prompts,
        seeds=look.seeds,
        **picture_values(look),
    )

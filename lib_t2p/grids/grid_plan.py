"""What a grid is made from: saved models, axes, prompts, seeds and how pictures are painted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from lib_t2p.grids.axes.axes import POINT_KINDS, Axis, AxisKind, GridModel, weights_of
from lib_t2p.painting import (
    ComparedPictures,
    PictureSettings,
    StartPicture,
    fields_of,
    picture_values,
)


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


NEWEST = 0
"""In place of a dataset's version: the newest that is there when the cells are planned."""
TRIGGER = "{trigger}"
"""Stands in a prompt for the person's trigger."""
DENOISING = fields_of(StartPicture)["denoising"]


@dataclass(frozen=True)
class GridPlan(PictureSettings):
    """All that a grid is made from.

    Attributes:
        person: folder name of the person.
        dataset: version whose held-out and training photos the pictures are compared with;
            `NEWEST` only until the grid's cells are planned.
        checkpoint: title (WebUI) or path (standalone) of the base checkpoint.
        models: saved models under test.
        x: columns.
        y: rows.
        prompts: in A1111 syntax without LoRA tags; `{trigger}` and `{class_word}` are filled in.
        seeds: 0 to 2**32 - 1; every prompt is painted with every seed.
        trigger: fills `{trigger}`; the person's own when empty.
        lora_weight: of all cells when no axis varies it.
        z: rows again, one block of all values of `y` for each of its values.
        base: stem of the saved model that is framed red; none when empty.
        start: path of the picture that img2img begins with; txt2img when empty.
        denoising: 0 keeps the start picture, 1 paints anew.
    """

    person: str
    dataset: int
    checkpoint: str
    models: tuple[GridModel, ...]
    x: Axis
    y: Axis
    prompts: tuple[str, ...]
    seeds: tuple[int, ...]
    trigger: str = ""
    lora_weight: float = 1.0
    z: Axis | None = None
    base: str = ""
    start: str = ""
    denoising: float = DENOISING.default

    @property
    def axes(self) -> tuple[Axis, ...]:
        """All axes that the plan has: x, y and perhaps z."""
        return (self.x, self.y, self.z) if self.z else (self.x, self.y)

    def axis(self, kind: AxisKind) -> Axis | None:
        """The axis of this kind, if there is one."""
        return next((axis for axis in self.axes if axis.kind == kind), None)

    @property
    def stems(self) -> tuple[str, ...]:
        """Saved models in the order of their axis, or of the plan without such an axis."""
        axis = self.axis("saved_model")
        return tuple(map(str, axis.values)) if axis else tuple(m.stem for m in self.models)

    @property
    def weights(self) -> tuple[float, ...]:
        """LoRA weights in the order of their axis."""
        axis = self.axis("lora_weight")
        return weights_of(axis) if axis else (self.lora_weight,)

    @property
    def points(self) -> list[Mapping[str, str | float]]:
        """Every combination of the ways of painting: kind -> value; one empty one without any."""
        axes = [axis for kind in POINT_KINDS if (axis := self.axis(kind))]
        kinds = [axis.kind for axis in axes]
        combined = product(*(axis.values for axis in axes))
        return [dict(zip(kinds, values, strict=True)) for values in combined]

    @property
    def cell_count(self) -> int:
        """Pictures to paint, those without LoRA included once for each way of painting."""
        groups = (1 + len(self.stems) * len(self.weights)) * len(self.points)
        return groups * len(self.prompts) * len(self.seeds)

    def title_of(self, stem: str) -> str:
        """What people read for a saved model."""
        return next((m.title for m in self.models if m.stem == stem), stem)

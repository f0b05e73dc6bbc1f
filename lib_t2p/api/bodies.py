"""What requests carry. Plain models that pydantic 1.10 and 2 read alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, create_model

from lib_t2p.grids import DENOISING
from lib_t2p.painting import PictureSettings, fields_of

Values = dict[str, Any]
_KINDS: dict[str, type] = {"int": int, "float": float, "str": str}
_PICTURE = fields_of(PictureSettings)

if TYPE_CHECKING:
    PictureValues = BaseModel
else:
    PictureValues = create_model(
        "PictureValues",
        **{
            name: (_KINDS[row.kind], Field(row.default, description=row.help))
            for name, row in _PICTURE.items()
        },
    )
"""What a picture is painted with: each field of the one table."""


def picture_of(body: PictureValues) -> dict[str, Any]:
    """The fields of a picture by name, without what the body has besides."""
    return {name: getattr(body, name) for name in _PICTURE}


class NewPerson(BaseModel, extra="forbid"):
    """A person to make; all four texts as in the Dataset tab."""

    name: str = Field(description="1 to 80 characters")
    trigger: str = Field(description="the token that stands for the person, without spaces")
    class_word: str = Field(description="what the person is, such as woman")
    consent: str = Field(
        description="who may use the likeness and why; kept with the person, and written into "
        "each LoRA trained from now on (ss_training_comment), where everybody who has the file "
        "can read it"
    )
    consent_in_files: bool = Field(True, description="false keeps the note out of the LoRAs")


class PhotoSources(BaseModel, extra="forbid"):
    """Photos to import."""

    sources: list[str] = Field(description="folders or files on the host's computer")


class NewDataset(BaseModel, extra="forbid"):
    """A dataset version to build."""

    options: Values = Field(default_factory=dict, description="such as framing, resolution")


class NewRun(BaseModel, extra="forbid"):
    """A training to check or to queue."""

    name: str = Field(description="unique among the person's runs")
    checkpoint: str = Field(description="title as listed by /checkpoints, or an allowed path")
    recipe: str = Field("guide-final", description="name of a recipe")
    settings: Values = Field(default_factory=dict, description="what differs from the recipe")
    dataset: int | None = Field(None, description="version; the newest when not given")
    trainer: str = Field("builtin", description="builtin or sd-scripts-<tag>")


class NewSweep(BaseModel, extra="forbid"):
    """A sweep to forecast or to queue."""

    checkpoint: str = Field("", description="as of a run; empty when an axis names them")
    name: str = Field("", description="made of what differs when empty")
    ready: str = Field("", description="name of a ready sweep")
    recipe: str = Field("", description="name of a recipe")
    settings: Values = Field(default_factory=dict, description="what differs from the recipe")
    axes: dict[str, list[Any]] = Field(default_factory=dict, description="option -> its values")
    mode: str | None = Field(None, description="product or one_at_a_time")
    repeats: int | None = Field(None, description="times each run is trained")
    dataset: int | None = Field(None, description="version; the newest when not given")
    trainer: str = Field("builtin", description="builtin or sd-scripts-<tag>")


class NewGrid(PictureValues, extra="forbid"):
    """A grid to draw: saved models down, LoRA weights across, unless the axes say otherwise."""

    name: str = Field(description="unique among the person's grids")
    checkpoint: str = Field(description="title as listed by /checkpoints")
    models: list[str] = Field(default_factory=list, description="stems of saved models")
    sweep: str = Field("", description="compare the last saved model of each of its runs instead")
    x: str = Field("lora_weight", description="columns, such as cfg=1-15 (+2)")
    y: str = Field("saved_model", description="rows, as x")
    z: str = Field("", description="blocks of rows, as x; none when empty")
    weights: list[float] = Field(default_factory=lambda: [0.9], description="LoRA weights")
    prompts: list[str] = Field(description="{trigger} stands for the person's")
    seeds: list[int] = Field(description="0 to 4294967295")
    start: str = Field("", description="picture that img2img begins with, an allowed path")
    denoising: float = Field(DENOISING.default, description=DENOISING.help)


class MoreValues(BaseModel, extra="forbid"):
    """Values to add to a grid: only the new cells are painted."""

    kind: str = Field(description="of an axis of the grid, or prompt or seed")
    values: str | list[str] = Field(description="such as 1-15 (+2); prompts and models as a list")


class Stop(BaseModel, extra="forbid"):
    """When to stop."""

    when: str = Field("now", description="now or after_save")

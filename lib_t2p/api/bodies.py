"""What requests carry. Plain models that pydantic 1.10 and 2 read alike."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

Values = dict[str, Any]


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


class NewGrid(BaseModel, extra="forbid"):
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
    negative_prompt: str = ""
    steps: int = Field(20, description="1 to 150")
    sampler_name: str = "DPM++ 2M Karras"
    cfg_scale: float = Field(7.0, description="1 to 30")
    width: int = Field(512, description="pixels, a multiple of 8")
    height: int = Field(512, description="pixels, a multiple of 8")
    clip_skip: int = Field(1, description="1 to 12")
    vae: str = Field("", description="file name, or None for the checkpoint's own")
    start: str = Field("", description="picture that img2img begins with, an allowed path")
    denoising: float = Field(0.75, description="0 to 1, of the start picture")


class MoreValues(BaseModel, extra="forbid"):
    """Values to add to a grid: only the new cells are painted."""

    kind: str = Field(description="of an axis of the grid, or prompt or seed")
    values: str | list[str] = Field(description="such as 1-15 (+2); prompts and models as a list")


class Stop(BaseModel, extra="forbid"):
    """When to stop."""

    when: str = Field("now", description="now or after_save")

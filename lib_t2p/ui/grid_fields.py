"""The left side of the Generate tab as components, in the order of `GridEntry`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from lib_t2p.grids import axes as axes_room
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import (
    PICTURES,
    checkpoint_field,
    choice_field,
    file_field,
    number_field,
    text_field,
)
from lib_t2p.ui.context import TabContext

SIMPLE_PROMPT = "photo of {trigger} {class_word}"
FAVOURITE_SAMPLER = "DPM++ 2M Karras"
KINDS: dict[str, axes_room.AxisKind] = {
    "LoRA weight": "lora_weight",
    "Saved model": "saved_model",
    "Checkpoint": "checkpoint",
    "VAE": "vae",
    "Clip skip": "clip_skip",
    "Trigger weight": "trigger_weight",
    "CFG scale": "cfg",
    "Sampler": "sampler",
    "Steps": "steps",
    "Denoising strength": "denoising",
    "Prompt": "prompt",
    "Seed": "seed",
}
"""What people read -> kind."""
SWEPT = "Sweep value"
"""Kind of the saved models that the runs of a sweep with the typed values made last."""
NONE = "None"
AXIS_PLACES = (("x", "Column"), ("y", "Row"), ("z", "Block"))
"""Name of an axis and what people call its place."""


@dataclass(frozen=True)
class GridEntry:
    """What the form holds, as typed; also used for the components themselves.

    Attributes:
        stems: ticked saved models.
        weights: LoRA weights, parted by commas.
        prompts: one a line.
        seeds: parted by commas.
        checkpoint: title or path.
        negative: negative prompt.
        steps: sampling steps.
        sampler: name.
        cfg: guidance.
        width: pixels.
        height: pixels.
        clip_skip: 1 or more.
        name: of the grid; made from a number when empty.
        x_kind: title of the kind of the columns; `y_kind` of the rows, `z_kind` of blocks of rows.
        x_values: typed values of the columns, for kinds without a field; so `y_values`, `z_values`.
        sweep: whose runs' last models are compared; none when empty.
        start: uploaded start picture of img2img; txt2img without.
        denoising: 0 to 1, of the start picture.
        vae: its name; the host's choice when empty.
    """

    stems: Any
    weights: Any
    prompts: Any
    seeds: Any
    checkpoint: Any
    negative: Any
    steps: Any
    sampler: Any
    cfg: Any
    width: Any
    height: Any
    clip_skip: Any
    name: Any
    x_kind: Any = "LoRA weight"
    x_values: Any = ""
    y_kind: Any = "Saved model"
    y_values: Any = ""
    z_kind: Any = ""
    z_values: Any = ""
    sweep: Any = None
    start: Any = None
    denoising: Any = 0.75
    vae: Any = ""

    def in_order(self) -> list[Any]:
        """The values in the order of the fields."""
        return [getattr(self, field.name) for field in fields(self)]

    def axes(self) -> list[Any]:
        """What names the axes."""
        return [getattr(self, f"{name}_{part}") for name in "xyz" for part in ("kind", "values")]


def axis_fields() -> dict[str, Any]:
    """Build the pickers of the three axes, by the names of `GridEntry`."""
    found: dict[str, Any] = {}
    starts = {"x": "LoRA weight", "y": "Saved model", "z": NONE}
    for name, words in AXIS_PLACES:
        last = [NONE] if name == "z" else []
        with gr.Row():
            found[f"{name}_kind"] = choice_field(
                f"{words}s ({name.upper()} axis)",
                f"t2p_grid_{name}_kind",
                [*KINDS, SWEPT, *last],
                value=starts[name],
                min_width=120,
            )
            found[f"{name}_values"] = text_field(
                f"{words} values",
                f"t2p_grid_{name}_values",
                placeholder="such as 1-10 (+1); models, weights, prompts, seeds stand above",
                min_width=160,
            )
    return found


def grid_fields(context: TabContext) -> GridEntry:
    """Build the components."""
    what = _model_fields()
    axes = axis_fields()
    checkpoint = checkpoint_field(context.host, "Checkpoint to paint with", "t2p_grid_checkpoint")
    with gr.Accordion("Picture settings", open=False, elem_id="t2p_grid_settings"):
        picture = _picture_fields(context.host.samplers())
    name = text_field("Name of the grid", "t2p_grid_name", placeholder="numbered when empty")
    return GridEntry(checkpoint=checkpoint, name=name, **what, **axes, **picture)


def _model_fields() -> dict[str, Any]:
    return {
        "sweep": choice_field(
            "Sweep to compare",
            "t2p_grid_sweep",
            info="Ticks the last saved model of each of its runs; its base is framed red.",
        ),
        "stems": g.private(
            gr.CheckboxGroup(choices=[], label="Saved models", elem_id="t2p_grid_models")
        ),
        "weights": text_field(
            "LoRA weights",
            "t2p_grid_weights",
            value="0.6, 0.8, 1",
            info="Such as 0.6, 0.8 or 0-1.5 (+0.25). Pictures without LoRA always come along.",
        ),
        "prompts": text_field(
            "Prompts",
            "t2p_grid_prompts",
            value=SIMPLE_PROMPT,
            lines=3,
            info="One a line. {trigger} and {class_word} stand for the person's.",
        ),
        "seeds": text_field(
            "Seeds", "t2p_grid_seeds", value="1-8", info="Every prompt is painted with every seed."
        ),
    }


def _picture_fields(samplers: Sequence[str]) -> dict[str, Any]:
    favourite = FAVOURITE_SAMPLER if FAVOURITE_SAMPLER in samplers else samplers[0]
    parts = {
        "negative": text_field("Negative prompt", "t2p_grid_negative", lines=2),
        "sampler": choice_field("Sampler", "t2p_grid_sampler", samplers, value=favourite),
    }
    with gr.Row():
        parts["steps"] = _number(20, "Sampling steps", "steps", 0)
        parts["cfg"] = _number(7.0, "CFG scale", "cfg", None)
        parts["clip_skip"] = _number(1, "Clip skip of pictures", "clip_skip", 0)
    with gr.Row():
        parts["width"] = _number(512, "Width (px)", "width", 0)
        parts["height"] = _number(512, "Height (px)", "height", 0)
    parts["vae"] = text_field(
        "VAE of pictures",
        "t2p_grid_vae",
        placeholder="its file name, None for the checkpoint's own; empty leaves it",
    )
    parts["start"] = file_field("Start picture (img2img)", "t2p_grid_start_picture", PICTURES)
    parts["denoising"] = _number(0.75, "Denoising strength", "denoising", None)
    return parts


def _number(value: float, label: str, name: str, precision: int | None) -> Any:
    return number_field(label, f"t2p_grid_{name}", value, precision=precision, min_width=90)

"""The form for portraits as components, in the order of `PortraitEntry`.

Parts that need ControlNet or ADetailer are greyed with the reason where those are missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from lib_t2p import actions, painting, portraits
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import (
    PICTURES,
    checkpoint_field,
    choice_field,
    file_field,
    number_field,
    panel,
    slider_field,
    text_field,
    tick_field,
)
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import message

NO_ADETAILER = "ADetailer is not installed in the program that paints here."


def extensions_of(host: actions.Host) -> Mapping[str, painting.Extension]:
    """What the host has; a studio has none."""
    return host.extensions() if isinstance(host, painting.HasExtensions) else {}


def adetailer_fields(host: actions.Host) -> dict[str, Any]:
    """Whether faces are painted anew, and by which detector."""
    there = extensions_of(host).get(painting.ADETAILER)
    models = list(there.models) if there else []
    with gr.Accordion("ADetailer", open=False, elem_id="t2p_portraits_detail_part"):
        if there is None:
            panel("t2p_portraits_detail_why", message(NO_ADETAILER, "plain"))
        return {
            "detail": tick_field(
                "Repaint faces with ADetailer",
                "t2p_portraits_detail",
                interactive=there is not None,
            ),
            "detail_model": choice_field(
                "Detector",
                "t2p_portraits_detail_model",
                models,
                interactive=there is not None,
                value=models[0] if models else None,
            ),
        }


def pose_fields(host: actions.Host) -> dict[str, Any]:
    """A picture whose pose is taken."""
    reason = portraits.why_not("progression", extensions_of(host))
    with gr.Accordion("Pose (ControlNet)", open=False, elem_id="t2p_portraits_pose_part"):
        if reason:
            panel("t2p_portraits_pose_why", message(reason, "plain"))
        return {
            "pose": file_field(
                "Picture with the pose", "t2p_portraits_pose", PICTURES, interactive=not reason
            ),
            "pose_weight": slider_field(
                "Weight of the pose",
                "t2p_portraits_pose_weight",
                1,
                (0, 2, 0.05),
                interactive=not reason,
            ),
        }


def reasons(host: actions.Host) -> dict[portraits.Tip, str]:
    """Why each tip cannot be painted here; empty for those that can."""
    there = extensions_of(host)
    tips: tuple[portraits.Tip, ...] = ("progression", "stylise", "stamp")
    return {tip: portraits.why_not(tip, there) for tip in tips}


PROMPT = "photo of {trigger} {class_word}, __scene/*__, __style/photo__"
FAVOURITE_SAMPLER = "DPM++ 2M Karras"
NO_LORA = "no LoRA"
WILDCARDS = (
    "{a|b} chooses one, {3::a|b} weighs, __scene/outdoors__ takes a line of a wildcard file, "
    "<width:768> or <checkpoint:name> set one picture."
)


@dataclass(frozen=True)
class PortraitEntry:
    """What the form holds, as typed; also used for the components themselves.

    Attributes:
        prompt: template.
        lora: stem of a saved model, or a name that is typed.
        lora_weight: of that LoRA.
        checkpoint: title or path.
        count: pictures, 0 for no limit.
        minutes: 0 for no limit.
        negative: negative prompt.
        sampler: name.
        steps: sampling steps.
        cfg: guidance.
        clip_skip: 1 or more.
        width: pixels.
        height: pixels.
        seed: of the first picture.
        batch: pictures planned at a time.
        hires: whether there is a second pass.
        hires_scale: of width and height.
        hires_upscaler: name.
        hires_steps: 0 for the first pass's.
        hires_denoising: 0 to 1.
        detail: whether ADetailer takes part.
        detail_model: its detector.
        pose: uploaded picture.
        pose_weight: of ControlNet.
        most_distance: farthest that is kept, 0 for the embedder's own limit.
        no_copies: whether copies of training photos go to the bin.
        one_face: whether exactly one face is wanted.
        name: of the series; made from a number when empty.
    """

    prompt: Any
    lora: Any
    lora_weight: Any
    checkpoint: Any
    count: Any
    minutes: Any
    negative: Any
    sampler: Any
    steps: Any
    cfg: Any
    clip_skip: Any
    width: Any
    height: Any
    seed: Any
    batch: Any
    hires: Any
    hires_scale: Any
    hires_upscaler: Any
    hires_steps: Any
    hires_denoising: Any
    detail: Any
    detail_model: Any
    pose: Any
    pose_weight: Any
    most_distance: Any
    no_copies: Any
    one_face: Any
    name: Any

    def in_order(self) -> list[Any]:
        """The values in the order of the fields."""
        return [getattr(self, field.name) for field in fields(self)]


def portrait_fields(context: TabContext) -> PortraitEntry:
    """Build the components."""
    made: dict[str, Any] = {}
    made["prompt"] = text_field(
        "Prompt of portraits", "t2p_portraits_prompt", value=PROMPT, lines=3, info=WILDCARDS
    )
    made["lora"] = lora_field("t2p_portraits_lora")
    made["lora_weight"] = _slider(0.9, "LoRA weight of portraits", "lora_weight", 0, 1.5, 0.05)
    made["checkpoint"] = checkpoint_field(
        context.host, "Checkpoint for portraits", "t2p_portraits_checkpoint"
    )
    with gr.Row():
        made["count"] = _number(8, "Portraits (0: no limit)", "count", 0)
        made["minutes"] = _number(0, "Minutes (0: no limit)", "minutes")
    made |= _settings(context) | _hires()
    made |= adetailer_fields(context.host) | pose_fields(context.host)
    made |= _rule()
    made["name"] = text_field(
        "Name of the series", "t2p_portraits_name", placeholder="numbered when empty"
    )
    entry = PortraitEntry(**made)
    for component in entry.in_order():
        g.private(component)
    return entry


def lora_field(elem_id: str) -> Any:
    """The person's saved models; another name may be typed."""
    return choice_field(
        "LoRA of portraits" if "portraits" in elem_id else "LoRA of the tip",
        elem_id,
        [NO_LORA],
        value=NO_LORA,
        info="A saved model, or the name of any LoRA.",
        allow_custom_value=True,
    )


def _settings(context: TabContext) -> dict[str, Any]:
    with gr.Accordion("Settings of portraits", open=False, elem_id="t2p_portraits_settings"):
        negative = text_field("Negative prompt of portraits", "t2p_portraits_negative", lines=2)
        samplers = context.host.samplers()
        sampler = choice_field(
            "Sampler of portraits",
            "t2p_portraits_sampler",
            samplers,
            value=FAVOURITE_SAMPLER if FAVOURITE_SAMPLER in samplers else samplers[0],
        )
        with gr.Row():
            steps = _number(25, "Steps of portraits", "steps", 0)
            cfg = _number(7.0, "CFG of portraits", "cfg")
            clip_skip = _number(1, "Clip skip of portraits", "clip_skip", 0)
        with gr.Row():
            width = _number(512, "Width of portraits (px)", "width", 0)
            height = _number(512, "Height of portraits (px)", "height", 0)
        with gr.Row():
            seed = _number(1, "Seed of the first portrait", "seed", 0)
            batch = _number(8, "Planned at a time", "batch", 0)
    return {
        "negative": negative,
        "sampler": sampler,
        "steps": steps,
        "cfg": cfg,
        "clip_skip": clip_skip,
        "width": width,
        "height": height,
        "seed": seed,
        "batch": batch,
    }


def _hires() -> dict[str, Any]:
    with gr.Accordion("Hires fix", open=False, elem_id="t2p_portraits_hires_part"):
        return {
            "hires": tick_field("Paint larger", "t2p_portraits_hires"),
            "hires_scale": _slider(1.5, "Larger by", "hires_scale", 1.05, 4, 0.05),
            "hires_upscaler": text_field(
                "Upscaler", "t2p_portraits_hires_upscaler", value="Latent"
            ),
            "hires_steps": _number(0, "Steps of the second pass (0: as above)", "hires_steps", 0),
            "hires_denoising": _slider(0.5, "Denoising", "hires_denoising", 0, 1, 0.05),
        }


def _rule() -> dict[str, Any]:
    with gr.Accordion("Which are kept", open=False, elem_id="t2p_portraits_rule_part"):
        return rule_fields("t2p_portraits_rule")


def rule_fields(elem_id: str, when: str = "") -> dict[str, Any]:
    """The limits of the rule; `when` keeps the labels of two such forms apart."""
    return {
        "most_distance": slider_field(
            f"Maximum distance to the person{when}",
            f"{elem_id}_distance",
            0,
            (0, 1.5, 0.01),
            info="A distance to held-out photos; 0 takes the limit for the same person.",
        ),
        "no_copies": tick_field(
            f"Copies of training photos go to the bin{when}", f"{elem_id}_copies", value=True
        ),
        "one_face": tick_field(f"Exactly one face{when}", f"{elem_id}_one_face", value=True),
    }


def _number(value: float, label: str, name: str, precision: int | None = None) -> Any:
    return number_field(label, f"t2p_portraits_{name}", value, precision=precision)


def _slider(value: float, label: str, name: str, low: float, high: float, step: float) -> Any:
    return slider_field(label, f"t2p_portraits_{name}", value, (low, high, step))

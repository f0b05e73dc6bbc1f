"""The parts of a form that need ControlNet or ADetailer: greyed with the reason without them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from lib_t2p import actions, painting, portraits
from lib_t2p.ui.components import (
    PICTURES,
    choice_field,
    file_field,
    panel,
    slider_field,
    tick_field,
)
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

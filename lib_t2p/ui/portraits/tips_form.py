"""The guide's tips as ready forms; greyed with the reason when ControlNet is missing."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from lib_t2p import portraits
from lib_t2p import portraits as portraits_room
from lib_t2p.errors import InputError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import (
    PICTURES,
    button,
    facts,
    file_field,
    on_press,
    panel,
    radio_field,
    real_number,
    slider_field,
)
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import message
from lib_t2p.ui.portraits.acts import PortraitActs, plan_from
from lib_t2p.ui.portraits.fields import NO_LORA, PortraitEntry, extensions_of, lora_field, reasons

TITLES: dict[str, portraits.Tip] = {
    "Learning progression": "progression",
    "Stylise a photo": "stylise",
    "Hidden stamp": "stamp",
}
HELP = (
    "Learning progression: the LoRA's weight goes from 0 to 1 with seed and pose fixed. Stylise a "
    "photo: img2img held by Tile and Canny; the prompt says the style. Hidden stamp: a code is "
    "woven into a portrait. Prompt, checkpoint and settings are those of New series."
)
UNTRIED = "The weights were not tried with real models of ControlNet: begin with a few pictures."


def tips_form(context: TabContext, form: PortraitEntry, acts: PortraitActs) -> Any:
    """Build the form; gives the list of LoRAs, which the page keeps up to date."""
    why = reasons(context.host)
    possible = [title for title, tip in TITLES.items() if not why[tip]]
    facts("t2p_tips_help", f"{HELP} {UNTRIED}")
    missing = _missing(why)
    if missing:
        panel("t2p_tips_why", message(missing, "warn"))
    open_ = bool(possible)
    tip = radio_field(
        "Tip",
        "t2p_tips_tip",
        possible or list(TITLES),
        (possible or list(TITLES))[0],
        interactive=open_,
    )
    lora = lora_field("t2p_tips_lora")
    picture = file_field("Pose, photo or code", "t2p_tips_picture", PICTURES, interactive=open_)
    strength = slider_field(
        "Strength",
        "t2p_tips_strength",
        0.6,
        (0, 2, 0.05),
        info="Denoising of a photo (to 1), or weight of a stamp (about 1.2).",
        interactive=open_,
    )
    start = button("Paint the tip", "t2p_tips_start", "primary", size="lg", interactive=open_)
    said = panel("t2p_tips_message")
    handler = _Tips(context, acts)
    inputs = [context.picker, tip, lora, picture, strength, *form.in_order()]
    on_press(start, handler.start, inputs, [said])
    return lora


def _missing(why: dict[portraits.Tip, str]) -> str:
    """Why tips cannot be painted here, once when it is the same for all."""
    told = {title: why[tip] for title, tip in TITLES.items() if why[tip]}
    if len(told) == len(TITLES) and len(set(told.values())) == 1:
        return next(iter(told.values()))
    return "\n".join(f"- {title}: {reason}" for title, reason in told.items())


class _Tips:
    def __init__(self, context: TabContext, acts: PortraitActs) -> None:
        self.context, self.acts = context, acts

    def start(
        self, name: str | None, tip: str, lora: str | None, picture: Any, strength: Any, *typed: Any
    ) -> tuple[Any, ...]:
        """Make the plan of a tip out of the form for portraits, and begin it."""
        folder, _ = self.context.open_person(name)
        # What the tip brings itself is left out of the form's own.
        bare = {"lora": NO_LORA, "pose": None, "hires": False, "detail": False}
        values = dict(zip((f.name for f in fields(PortraitEntry)), typed, strict=True))
        plan = plan_from(PortraitEntry(**{**values, **bare}), folder, self.context.host)
        paths = g.uploaded_paths(picture)
        given = str(paths[0]) if paths else ""
        made = self._made(tip, plan, lora or "", given, strength)
        return (self.acts.begin(folder, "", made),)

    def _made(
        self, tip: str, plan: portraits_room.PortraitPlan, lora: str, picture: str, strength: Any
    ) -> portraits_room.PortraitPlan:
        there = extensions_of(self.context.host)
        stem = "" if lora == NO_LORA else lora
        how = real_number(strength, "Strength")
        if TITLES.get(tip) == "progression":
            return portraits.progression(plan, stem, picture, there)
        if TITLES.get(tip) == "stylise":
            return portraits.stylise(_with_lora(plan, stem), picture, min(how, 1.0), there)
        if TITLES.get(tip) == "stamp":
            return portraits.stamp(_with_lora(plan, stem), picture, how, there)
        raise InputError("No tip is chosen: choose one.")


def _with_lora(plan: portraits_room.PortraitPlan, stem: str) -> portraits_room.PortraitPlan:
    if not stem:
        return plan
    prompt = f"{plan.request.prompt} <lora:{stem}:0.9>"
    return replace(plan, request=replace(plan.request, prompt=prompt))

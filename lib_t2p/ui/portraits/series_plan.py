"""From what was typed to the plan of a series."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lib_t2p import actions, painting, portraits
from lib_t2p.errors import FaultsError, InputError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import real_number, whole_number
from lib_t2p.ui.portraits.controlnet_fields import extensions_of
from lib_t2p.ui.portraits.fields import NO_LORA, PortraitEntry
from lib_t2p.workspace import PersonFolder


def plan_from(
    entry: PortraitEntry, folder: PersonFolder, host: actions.Host
) -> portraits.PortraitPlan:
    """Make and check a plan.

    Raises:
        InputError: a field cannot be read, or an extension is missing.
        FaultsError: all faults of the plan at once.
    """
    reading = _Reading()
    checkpoint = reading(lambda: str(actions.checkpoint_path(host, entry.checkpoint)), "")
    request = painting.CellRequest(
        prompt=(entry.prompt or "").strip() + lora_tag(entry.lora, entry.lora_weight),
        negative_prompt=(entry.negative or "").strip(),
        seed=reading.whole(entry.seed, "Seed of the first portrait"),
        checkpoint=checkpoint,
        steps=reading.whole(entry.steps, "Steps of portraits"),
        sampler_name=entry.sampler or "",
        cfg_scale=reading.real(entry.cfg, "CFG of portraits"),
        width=reading.whole(entry.width, "Width of portraits"),
        height=reading.whole(entry.height, "Height of portraits"),
        clip_skip=reading.whole(entry.clip_skip, "Clip skip of portraits"),
        hires=_hires(entry, reading) if entry.hires else None,
        scripts=(painting.adetailer_call([painting.Detailer(entry.detail_model or "")]),)
        if entry.detail
        else (),
    )
    versions = folder.datasets()
    plan = portraits.PortraitPlan(
        person=folder.slug,
        dataset=versions[-1].number if versions else 0,
        request=request,
        count=reading.whole(entry.count, "Portraits"),
        minutes=reading.real(entry.minutes, "Minutes"),
        batch=reading.whole(entry.batch, "Planned at a time"),
        rule=rule_from(entry.most_distance, entry.no_copies, entry.one_face),
    )
    reading.check()
    faults = portraits.portrait_faults(plan)
    if faults:
        raise FaultsError("These portraits cannot be painted", faults)
    poses = g.uploaded_paths(entry.pose)
    if poses:
        weight = real_number(entry.pose_weight, "Weight of the pose")
        plan = portraits.with_pose(plan, str(poses[0]), weight, extensions_of(host))
    return plan


def rule_from(most_distance: Any, no_copies: Any, one_face: Any) -> portraits.KeepRule:
    """The rule of the three fields; raises `InputError` for a distance that is none."""
    most = real_number(most_distance, "Farthest from the person") if most_distance else None
    return portraits.KeepRule(most, None if no_copies else 0.0, bool(one_face))


def lora_tag(lora: str | None, weight: Any) -> str:
    """The tag for the end of a prompt; empty without a LoRA."""
    stem = (lora or "").strip()
    if not stem or stem == NO_LORA:
        return ""
    return f" <lora:{stem}:{real_number(weight, 'LoRA weight of portraits'):g}>"


def _hires(entry: PortraitEntry, reading: _Reading) -> painting.HiresFix:
    return painting.HiresFix(
        scale=reading.real(entry.hires_scale, "Larger by"),
        upscaler=(entry.hires_upscaler or "").strip(),
        steps=reading.whole(entry.hires_steps, "Steps of the second pass"),
        denoising=reading.real(entry.hires_denoising, "Denoising"),
    )


class _Reading:
    """Reads fields and remembers what could not be read, so that all is said at once."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def __call__(self, read: Callable[[], Any], instead: Any) -> Any:
        try:
            return read()
        except InputError as error:
            self.faults.append(str(error))
            return instead

    def whole(self, value: Any, label: str) -> int:
        found: int = self(lambda: whole_number(value, label), 0)
        return found

    def real(self, value: Any, label: str) -> float:
        found: float = self(lambda: real_number(value, label), 0.0)
        return found

    def check(self) -> None:
        """Raise what was collected."""
        if len(self.faults) == 1:
            raise InputError(self.faults[0])
        if self.faults:
            raise FaultsError("These portraits cannot be painted", self.faults)

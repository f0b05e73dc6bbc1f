"""What the buttons of Portraits do, and the plan of a series from what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lib_t2p import actions, painting
from lib_t2p import portraits as portraits_room
from lib_t2p.actions import portraits
from lib_t2p.errors import FaultsError, InputError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.components import real_number, whole_number
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import message
from lib_t2p.ui.portraits.fields import NO_LORA, PortraitEntry, extensions_of
from lib_t2p.workspace import PersonFolder, portraits_folder


def plan_from(
    entry: PortraitEntry, folder: PersonFolder, host: actions.Host
) -> portraits_room.PortraitPlan:
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
    plan = portraits_room.PortraitPlan(
        person=folder.slug,
        dataset=versions[-1].number if versions else 0,
        request=request,
        count=reading.whole(entry.count, "Portraits"),
        minutes=reading.real(entry.minutes, "Minutes"),
        batch=reading.whole(entry.batch, "Planned at a time"),
        rule=rule_from(entry.most_distance, entry.no_copies, entry.one_face),
    )
    reading.check()
    faults = portraits_room.portrait_faults(plan)
    if faults:
        raise FaultsError("These portraits cannot be painted", faults)
    poses = g.uploaded_paths(entry.pose)
    if poses:
        weight = real_number(entry.pose_weight, "Weight of the pose")
        plan = portraits_room.with_pose(plan, str(poses[0]), weight, extensions_of(host))
    return plan


def rule_from(most_distance: Any, no_copies: Any, one_face: Any) -> portraits_room.KeepRule:
    """The rule of the three fields; raises `InputError` for a distance that is none."""
    most = real_number(most_distance, "Farthest from the person") if most_distance else None
    return portraits_room.KeepRule(most, None if no_copies else 0.0, bool(one_face))


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


class PortraitActs:
    """Handlers; each gives a message first."""

    def __init__(self, context: TabContext) -> None:
        self.context = context

    def start(self, name: str | None, *typed: Any) -> tuple[Any, ...]:
        """Check the plan and begin the series."""
        folder, _ = self.context.open_person(name)
        entry = PortraitEntry(*typed)
        told = self.begin(folder, entry.name, plan_from(entry, folder, self.context.host))
        return told, ""

    def begin(
        self, folder: PersonFolder, typed: str | None, plan: portraits_room.PortraitPlan
    ) -> str:
        """Begin a series under the typed name, or a free one; gives the message."""
        workspace = self.context.workspace
        with self.context.submitting:
            name = (typed or "").strip() or portraits.free_series_name(workspace, folder.slug)
            portraits.submit_portraits(
                workspace, folder.slug, name, plan, portraits.choices_of(self.context.host)
            )
        many = text.counted(plan.count, "portrait") if plan.count else "until it is stopped"
        return message(f"{name} is on its way: {many}.", "good")

    def preview(self, name: str | None, prompt: str | None, seed: Any) -> tuple[Any, ...]:
        """Have the first prompts expanded; the page shows them when they are there."""
        folder, _ = self.context.open_person(name)
        if not (prompt or "").strip():
            raise InputError("The prompt is empty: type one.")
        start = whole_number(seed, "Seed of the first portrait")
        portraits.preview_prompts(self.context.workspace, folder.slug, str(prompt), start)
        return (message("The worker expands them: they come in a moment.", "info"),)

    def stop(self, name: str | None, shown: str | None) -> tuple[Any, ...]:
        """End the series after the picture at hand."""
        folder, series = self._series(name, shown)
        portraits.stop_portraits(self.context.workspace, folder.slug, series)
        return (message("It ends after the portrait at hand; all painted ones are kept.", "info"),)

    def more(self, name: str | None, shown: str | None, count: Any) -> tuple[Any, ...]:
        """Let the series go on."""
        folder, series = self._series(name, shown)
        wanted = whole_number(count, "Further portraits")
        if wanted < 0:
            raise InputError(f"Further portraits is {wanted}: type 0 or more.")
        with self.context.submitting:
            portraits.paint_more(self.context.workspace, folder.slug, series, wanted)
        return (message(f"{series} goes on.", "good"),)

    def open_folder(self, name: str | None, shown: str | None) -> tuple[Any, ...]:
        """Show the kept pictures in the file manager of the computer that we run on."""
        folder, series = self._series(name, shown)
        if self.context.host.roots() is not None:
            raise InputError("This page is served to other computers: no folder is opened here.")
        kept = portraits.open_kept(self.context.workspace, folder.slug, series)
        return (message(f"{kept} is shown in the file manager.", "info"),)

    def sort(self, name: str | None, shown: str | None, *limits: Any) -> tuple[Any, ...]:
        """Sort all pictures by the limits given."""
        folder, series = self._series(name, shown)
        rule = rule_from(*limits)
        kept, binned = portraits.change_rule(self.context.workspace, folder.slug, series, rule)
        return (message(f"{kept} kept, {binned} in the bin.", "good"),)

    def move(self, act: str, name: str | None) -> tuple[Any, ...]:
        """Keep one picture, or put it into the bin."""
        verb, _, what = act.partition(" ")
        shown, _, picture = what.partition("/")
        places: dict[str, portraits_room.Place] = {"kept": "kept", "bin": "bin"}
        if verb not in places or not picture:
            raise InputError("There is no such button: reload the page.")
        folder, series = self._series(name, shown)
        portraits.move_by_hand(self.context.workspace, folder.slug, series, picture, places[verb])
        where = "kept" if verb == "kept" else "in the bin"
        number = picture.split("_", maxsplit=1)[0].lstrip("0")
        return (message(f"Portrait {number} is {where} now.", "good"),)

    def ask_to_empty(self, name: str | None, shown: str | None) -> tuple[Any, ...]:
        """Say what emptying the bin would delete."""
        folder, series = self._series(name, shown)
        workspace = self.context.workspace
        place = portraits_folder(folder, series)
        found = portraits.series_status(workspace, folder.slug, place).binned
        if not found:
            return message("The bin is empty.", "info"), g.changed(visible=False), 0
        many = text.counted(found, "portrait")
        told = f"{many} in the bin of {series} would be deleted. Nothing was deleted yet."
        return message(told, "warn"), g.changed(visible=True), found

    def empty(self, name: str | None, shown: str | None, agreed: Any) -> tuple[Any, ...]:
        """Delete what was asked about."""
        folder, series = self._series(name, shown)
        workspace = self.context.workspace
        deleted = portraits.empty_bin(workspace, folder.slug, series, int(agreed or 0))
        many = text.counted(deleted, "portrait")
        return message(f"{many} deleted.", "good"), g.changed(visible=False)

    def _series(self, name: str | None, shown: str | None) -> tuple[PersonFolder, str]:
        folder, _ = self.context.open_person(name)
        if not shown:
            raise InputError("No series is chosen: choose one on the right.")
        return folder, shown

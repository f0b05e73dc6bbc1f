"""What the buttons of Portraits do."""

from __future__ import annotations

from typing import Any

from lib_t2p import portraits as portraits_room
from lib_t2p.actions import portraits
from lib_t2p.errors import InputError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.components import whole_number
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import message
from lib_t2p.ui.portraits.fields import PortraitEntry
from lib_t2p.ui.portraits.series_plan import plan_from, rule_from
from lib_t2p.workspace import PersonFolder, portraits_folder


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

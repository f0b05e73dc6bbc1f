"""What lies on the disk, and removing what is not needed, asked once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Any

import gradio as gr

from lib_t2p.actions import runs
from lib_t2p.actions import runs as run_actions
from lib_t2p.errors import InputError
from lib_t2p.plurals import counted
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import button, facts, on_press, panel, tools
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import message, section, table

STAYS = "Photos, datasets, grids, kept LoRAs and runs at work are never removed."
MOST_ROWS = 40


def disk_tab(context: TabContext) -> None:
    """Build the tab."""
    facts("t2p_disk_help", STAYS)
    with tools():
        show = button("Show what takes space", "t2p_disk_show")
        plan = button("What can be removed?", "t2p_disk_plan")
        clean = button("Yes, remove all of these", "t2p_disk_clean", "stop", visible=False)
    said = panel("t2p_disk_message")
    shown = panel("t2p_disk_shown")
    seen = gr.State(())
    tab = _DiskTab(context)
    outputs = [said, shown, clean, seen]
    on_press(show, tab.show, [], outputs)
    on_press(plan, tab.plan, [], outputs)
    on_press(clean, tab.clean, [seen], outputs)


class _DiskTab:
    def __init__(self, context: TabContext) -> None:
        self.context = context

    def show(self) -> tuple[Any, ...]:
        """Use by person and kind."""
        uses = runs.show_use(self.context.workspace)
        return "", _used(uses), g.changed(visible=False), ()

    def plan(self) -> tuple[Any, ...]:
        """What can be removed; nothing is."""
        self.context.may_change()
        found = runs.plan_cleaning(self.context.workspace)
        if not found:
            told = (
                "Nothing can be removed: there are no old states, passed-over models or old caches."
            )
            return message(told, "good"), "", g.changed(visible=False), ()
        size = run_actions.megabytes(sum(one.size for one in found))
        things = counted(len(found), "thing")
        told = f"{things} can be removed, which frees {size}. Nothing was removed yet."
        return message(told, "warn"), _listed(found), g.changed(visible=True), tuple(found)

    def clean(self, seen: Sequence[Any]) -> tuple[Any, ...]:
        """Remove what was shown, unless it has come into use."""
        self.context.may_change()
        if not seen:
            raise InputError("Nothing was shown yet: press What can be removed? first.")
        done = runs.clean(self.context.workspace, seen)
        stayed = "\n".join(f"- {sentence}" for sentence in done.stayed)
        told = message(f"{run_actions.megabytes(done.size)} were freed.\n{stayed}", "good")
        return told, "", g.changed(visible=False), ()


def _used(uses: Sequence[run_actions.Use]) -> str:
    by_kind: Counter[tuple[str, str]] = Counter()
    for use in uses:
        by_kind[use.person, use.kind] += use.size
    rows = [
        [escape(person or "everybody"), escape(kind), run_actions.megabytes(size)]
        for (person, kind), size in by_kind.most_common()
    ]
    total = run_actions.megabytes(sum(by_kind.values()))
    return section("Use", table(["Person", "Kind", "Size"], rows) if rows else "", total)


def _listed(found: Sequence[run_actions.Removal]) -> str:
    largest = sorted(found, key=lambda one: one.size, reverse=True)
    rows = [
        [
            escape(one.person),
            escape(one.run),
            escape(one.kind),
            escape(one.what),
            run_actions.megabytes(one.size),
        ]
        for one in largest[:MOST_ROWS]
    ]
    more = len(found) - len(rows)
    note = f"the {MOST_ROWS} largest; {more} more" if more else ""
    return section("Could go", table(["Person", "Run", "Kind", "What", "Size"], rows), note)

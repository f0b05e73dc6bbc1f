"""What can be done with a grid that is there: add values, go on, score the winner again."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import gradio as gr

from lib_t2p import jobs as jobs_room
from lib_t2p.actions import grids as grid_actions
from lib_t2p.actions import sweeps as sweep_actions
from lib_t2p.errors import InputError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.components import (
    act_button,
    act_channel,
    button,
    choice_field,
    on_press,
    panel,
    text_field,
    tools,
)
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.grid_fields import KINDS
from lib_t2p.ui.markup import Tone, badge, message, report_link, table
from lib_t2p.workspace import PersonFolder

SHOW = "grid_show"
LISTED = 40
"""Newest grids in the list."""
_TONES: dict[str, Tone] = {
    "waiting": "plain",
    "at work": "info",
    "finished": "good",
    "stopped": "warn",
    "failed": "bad",
    "not drawn": "plain",
}


def grid_more(context: TabContext, shown: Any) -> Any:
    """Build the part below the list of grids; gives the panel that `grids_table` fills.

    Args:
        context: of the tab.
        shown: the list of grids.
    """
    with gr.Accordion("This grid and all others", open=False, elem_id="t2p_grid_more"):
        with gr.Row():
            kind = choice_field(
                "Kind of the added values", "t2p_grid_more_kind", KINDS, value="Seed", min_width=120
            )
            values = text_field(
                "Values to add",
                "t2p_grid_more_values",
                info="As of an axis; prompts one a line, saved models by name.",
                min_width=160,
            )
        with tools():
            add = button("Add to this grid", "t2p_grid_more_add")
            again = button("Go on with this grid", "t2p_grid_continue")
            confirm = button("Score the winner on fresh seeds", "t2p_grid_confirm")
            rescore = button("Score again, write the report", "t2p_grid_rescore")
            report = button("Write the report of this person", "t2p_person_report")
        said = panel("t2p_grid_more_message")
        grids = panel("t2p_grid_list")
    actions = _Actions(context)
    on_press(add, actions.add, [context.picker, shown, kind, values], [said])
    on_press(again, actions.go_on, [context.picker, shown], [said])
    on_press(confirm, actions.confirm, [context.picker, shown], [said])
    on_press(rescore, actions.rescore, [context.picker, shown], [said])
    on_press(report, actions.report, [context.picker], [said])
    act_channel(SHOW, actions.show, [], [shown])
    return grids


def grids_table(person: PersonFolder, names: Sequence[str], jobs: Sequence[jobs_room.Job]) -> str:
    """All grids with their states and pictures, and a button that shows one.

    Args:
        person: whose grids they are.
        names: of the grids, newest first.
        jobs: of grids, newest first.
    """
    chains: dict[str, dict[str, jobs_room.Job]] = {}
    for job in jobs:
        chains.setdefault(str(job.params.get("grid")), {}).setdefault(job.kind, job)
    states = [
        grid_actions.state_of(person.grid(n), list(chains.get(n, {}).values()))
        for n in names[:LISTED]
    ]
    rows = [_row(state) for state in states]
    page = report_link(person.report, "Open the report of this person", "t2p_person_report_page")
    return page + (table(("Grid", "State", "Pictures", "Why", ""), rows) if rows else "")


def _row(state: grid_actions.GridState) -> list[str]:
    count = f"{state.painted} of {state.cells}" if state.cells else str(state.painted)
    return [
        escape(state.id),
        badge(state.state, _TONES[state.state]),
        count,
        f'<span class="t2p-reason">{escape(state.reason)}</span>',
        act_button(SHOW, state.id, "Show", title=f"Show {state.id}"),
    ]


class _Actions:
    """What the buttons do."""

    def __init__(self, context: TabContext) -> None:
        self.context = context

    def add(self, name: str | None, shown: str | None, kind: str, typed: str) -> tuple[str]:
        """Add the typed values and queue the grid again."""
        folder, _ = self.context.open_person(name)
        grid_id = _named(shown)
        if kind not in KINDS:
            raise InputError(f"There is no kind {kind!r}: choose one of {', '.join(KINDS)}.")
        host = self.context.host
        with self.context.submitting:
            grid = folder.grid(grid_id)
            before = grid_actions.state_of(grid, ()).cells
            added = grid_actions.added_values(host, folder, grid, KINDS[kind], typed or "")
            plan, _ = grid_actions.add_to_grid(host.workspace, folder.slug, grid_id, *added)
        new = text.counted(plan.cell_count - before, "new picture")
        return (message(f"{grid_id} is drawn further: {new} of {plan.cell_count}.", "good"),)

    def go_on(self, name: str | None, shown: str | None) -> tuple[str]:
        """Draw what the grid still lacks."""
        folder, _ = self.context.open_person(name)
        with self.context.submitting:
            grid_actions.continue_grid(self.context.workspace, folder.slug, _named(shown))
        return (message("On its way: pictures that are painted stay.", "good"),)

    def confirm(self, name: str | None, shown: str | None) -> tuple[str]:
        """Paint and score the winner and its ties again."""
        folder, _ = self.context.open_person(name)
        with self.context.submitting:
            jobs = grid_actions.confirm_grid(self.context.workspace, folder.slug, _named(shown))
        grid = str(jobs[0].params["grid"])
        return (message(f"On its way as {grid}: the verdict is given again after it.", "good"),)

    def rescore(self, name: str | None, shown: str | None) -> tuple[str]:
        """Score what is painted by whoever is set now; votes come into the report as well."""
        folder, _ = self.context.open_person(name)
        with self.context.submitting:
            grid_actions.score_again(self.context.workspace, folder.slug, _named(shown))
        return (message("Scoring what is painted; the report follows when all is.", "good"),)

    def report(self, name: str | None) -> tuple[str]:
        """Write one page of all grids, verdicts and runs."""
        folder, _ = self.context.open_person(name)
        with self.context.submitting:
            sweep_actions.report_on_person(self.context.workspace, folder.slug)
        return (message(text.REPORT_ON_ITS_WAY, "info"),)

    def show(self, act: str) -> tuple[Any, ...]:
        """Choose a grid in the list."""
        return (g.changed(value=act),) if act else (g.unchanged(),)


def _named(shown: str | None) -> str:
    if not shown:
        raise InputError("No grid is shown: draw one, or choose one in the list.")
    return shown

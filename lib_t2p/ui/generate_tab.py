"""The Generate tab: draw a grid of saved models, see it scored and judged."""

from __future__ import annotations

from typing import Any

import gradio as gr

from lib_t2p import actions
from lib_t2p import grids as grids_room
from lib_t2p.actions import grids as grid_actions
from lib_t2p.errors import InputError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.components import (
    act_channel,
    button,
    choice_field,
    main_button,
    on_event,
    on_press,
    panel,
    tools,
)
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.generate_view import GenerateView
from lib_t2p.ui.grid_axes import bind_ready, ready_lists
from lib_t2p.ui.grid_cells import CHANNEL, cell_detail, looking_fields
from lib_t2p.ui.grid_fields import GridEntry, grid_fields
from lib_t2p.ui.grid_more import grid_more
from lib_t2p.ui.grid_planning import forecast, plan_from
from lib_t2p.ui.markup import message
from lib_t2p.ui.own_loras import own_loras_form
from lib_t2p.ui.refresh import LivePart, live_part
from lib_t2p.workspace import PersonFolder

KINDS = ("grid.plan", "grid.cells", "grid.scores", "grid.report")


def generate_tab(context: TabContext) -> LivePart:
    """Build the tab; gives the part that refreshes itself."""
    with gr.Row(elem_classes=["t2p-columns"]):
        with gr.Column(scale=1, min_width=300):
            ready = ready_lists()
            fields = grid_fields(context)
            pictures = panel("t2p_grid_forecast")
            start = main_button("Draw grid", "t2p_grid_start")
            said = panel("t2p_grid_message")
            bind_ready(context, ready, fields, said)
            own_loras_form(context)
        with gr.Column(scale=2, min_width=320, elem_id="t2p_grid_side"):
            live = panel("t2p_grid_live")
            with tools():
                shown = choice_field("Grid shown", "t2p_grid_shown", visible=False)
                stop = button("Stop grid", "t2p_grid_stop", "stop", visible=False)
            stopped = panel("t2p_grid_stop_message")
            grids = grid_more(context, shown)
            result = panel("t2p_grid_result")
            looking = looking_fields()
            cells = panel("t2p_grid_table")
            detail = panel("t2p_grid_detail")
            act_channel(CHANNEL, cell_detail(context), [context.picker], [detail])
    actions = _Actions(context)
    inputs = [context.picker, *fields.in_order()]
    on_press(start, actions.start, inputs, [said, fields.name])
    on_press(stop, actions.stop, [context.picker, shown], [stopped])
    on_event(
        fields.sweep.change, actions.tick, [context.picker, fields.sweep], [said, fields.stems]
    )
    counting = [fields.stems, fields.weights, fields.prompts, fields.seeds, fields.steps]
    for counted in (*counting, *fields.axes()):
        on_event(counted.change, actions.forecast, fields.in_order(), [pictures])
    defaults = [fields.stems, fields.checkpoint, fields.width, fields.height, fields.clip_skip]
    part = live_part(
        "grid",
        GenerateView(context, KINDS).refresh,
        [context.picker, shown, *looking.in_order()],
        [live, shown, stop, result, *defaults, fields.sweep, cells, grids],
    )
    part.also_on(context.picker.change, shown.change)
    part.also_on(*(field.change for field in looking.in_order()))
    return part


class _Actions:
    """What the buttons do."""

    def __init__(self, context: TabContext) -> None:
        self.context = context

    def forecast(self, *typed: Any) -> tuple[Any, ...]:
        """The number of pictures."""
        return (f'<p class="t2p-facts">{forecast(GridEntry(*typed), self.context.host)}</p>',)

    def tick(self, name: str | None, sweep: str | None) -> tuple[Any, ...]:
        """Tick the last models of a sweep."""
        if not sweep:
            return "", g.unchanged()
        folder, _ = self.context.open_person(name)
        return "", g.changed(value=list(grid_actions.sweep_models(folder, sweep)))

    def start(self, name: str | None, *typed: Any) -> tuple[Any, ...]:
        """Check the plan and queue the grid."""
        folder, person = self.context.open_person(name)
        entry = GridEntry(*typed)
        checkpoint = actions.checkpoint_path(self.context.host, entry.checkpoint)
        plan = plan_from(entry, folder, person, str(checkpoint), self.context.host)
        with self.context.submitting:
            self._not_twice(folder, plan)
            grid_id = (entry.name or "").strip() or _free_name(folder)
            grid_actions.submit_grid(self.context.workspace, folder.slug, grid_id, plan)
        done = f"{grid_id} is on its way: {text.counted(plan.cell_count, 'picture')}."
        return message(done, "good"), ""

    def stop(self, name: str | None, shown: str | None) -> tuple[Any, ...]:
        """Stop what is left of the grid that is shown."""
        folder, _ = self.context.open_person(name)
        at_work = [j for j in self.context.active(folder, KINDS) if j.params.get("grid") == shown]
        if not at_work:
            raise InputError("There is no grid at work: nothing to stop.")
        # The oldest first: stopping it takes those along that need it.
        actions.stop_job(self.context.workspace, at_work[-1].id)
        return (message("Asked to stop. Pictures painted so far are kept.", "info"),)

    def _not_twice(self, folder: PersonFolder, plan: grids_room.GridPlan) -> None:
        same = grid_actions.same_grid_at_work(self.context.workspace, folder, plan)
        if same:
            raise InputError(
                f"This very grid is at work already as {same}: wait for it, stop it, or "
                "change something."
            )


def _free_name(folder: PersonFolder) -> str:
    number = 1
    while folder.grid(f"grid-{number}").root.exists():
        number += 1
    return f"grid-{number}"

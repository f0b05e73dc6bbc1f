"""The Sweeps tab: compare settings, watch it, see what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from lib_t2p import actions
from lib_t2p import sweeps as sweeps_room
from lib_t2p.actions import grids as grid_actions
from lib_t2p.actions import sweeps
from lib_t2p.errors import InputError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import (
    button,
    choice_field,
    on_press,
    panel,
    text_field,
    tools,
)
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import empty_state, message
from lib_t2p.ui.refresh import LivePart, Sender, live_part
from lib_t2p.ui.text import counted
from lib_t2p.ui.training.form_check import TrainForm
from lib_t2p.ui.training.night_part import night_panel
from lib_t2p.ui.training.sweep_form import sweep_form
from lib_t2p.ui.training.sweep_view import results_panel, status_panel
from lib_t2p.workspace import SweepFolder

NONE_TITLE = "No sweep yet"
NONE = "Choose what to compare above, press Forecast, then Start sweep."


def sweeps_tab(context: TabContext, form: TrainForm) -> LivePart:
    """Build the tab; gives the part that refreshes itself."""
    with gr.Accordion("New sweep", open=True, elem_id="t2p_sweep_new"):
        sweep_form(context, form)
    live = panel("t2p_sweep_live")
    with gr.Column(visible=False, elem_id="t2p_sweep_tools") as part_shown:
        shown = choice_field("Sweep shown", "t2p_sweep_shown")
        with tools():
            buttons = [button(label, f"t2p_sweep_{name}") for label, name in BUTTONS]
        with tools():
            values = text_field("More values", "t2p_sweep_values", placeholder="network_dim=256")
            add = button("Add values", "t2p_sweep_add")
    said = panel("t2p_sweep_tools_message")
    status = panel("t2p_sweep_status")
    results = panel("t2p_sweep_results")
    tab = _SweepsTab(context)
    for pressed, handler in zip(buttons, tab.handlers(), strict=True):
        on_press(pressed, handler, [context.picker, shown], [said])
    on_press(add, tab.add, [context.picker, shown, values], [said, values])
    part = live_part(
        "sweep", tab.refresh, [context.picker, shown], [live, part_shown, shown, status, results]
    )
    part.also_on(shown.change)
    return part


BUTTONS = (
    ("Pause sweep", "pause"),
    ("Continue sweep", "continue"),
    ("Try failed runs again", "failed"),
    ("Stop sweep", "stop"),
    ("Draw its page now", "page"),
)


class _SweepsTab:
    def __init__(self, context: TabContext) -> None:
        self.context = context

    def handlers(self) -> Sequence[Any]:
        """In the order of `BUTTONS`."""
        return (self.pause, self.resume, self.failed, self.stop, self.page)

    def pause(self, who: str | None, shown: str | None) -> tuple[Any, ...]:
        """Take the waiting runs out of the queue."""
        count = sweeps.pause_sweep(*self._chosen(who, shown))
        told = f"{counted(count, 'waiting run')} taken out; what trains goes on to its end."
        return (message(told, "info"),)

    def resume(self, who: str | None, shown: str | None) -> tuple[Any, ...]:
        """Queue what is left."""
        return self._queued(who, shown, failed=False)

    def failed(self, who: str | None, shown: str | None) -> tuple[Any, ...]:
        """Queue what is left, failed runs too."""
        return self._queued(who, shown, failed=True)

    def stop(self, who: str | None, shown: str | None) -> tuple[Any, ...]:
        """Stop all; the run at work ends with its next save."""
        count = sweeps.stop_sweep(*self._chosen(who, shown), when="after_save")
        told = f"{counted(count, 'run')} stopped; the one at work ends with its next saved model."
        return (message(told, "info"),)

    def page(self, who: str | None, shown: str | None) -> tuple[Any, ...]:
        """Draw what is there by now."""
        sweeps.draw_page(*self._chosen(who, shown))
        return (message("The page is being drawn from what there is so far.", "info"),)

    def add(self, who: str | None, shown: str | None, typed: str | None) -> tuple[Any, ...]:
        """Further values of a sweep that exists."""
        workspace, person, sweep = self._chosen(who, shown)
        axes = grid_actions.axes_from([line for line in (typed or "").splitlines() if line.strip()])
        if not axes:
            raise InputError("No values given: type a setting with further values.")
        for name, values in axes.items():
            for value in values:
                actions.check_paths(self.context.host, {name: value})
        with self.context.submitting:
            jobs = sweeps.add_to_sweep(workspace, person, sweep, axes)
        return message(f"{counted(len(jobs), 'run')} queued.", "good"), ""

    def refresh(self, sender: Sender, who: str | None, shown: str | None) -> list[Any]:
        """The list of sweeps, and where the shown one stands."""
        found = self.context.person(who)
        sweeps = found[0].sweeps() if found else []
        names = [sweep.id for sweep in _newest_first(sweeps)]
        is_new = sender.differs("sweeps", (who, names))
        chosen = shown if shown in names and not is_new else next(iter(names), None)
        night = night_panel(found[0]) if found else ""
        empty = "" if names else empty_state(NONE_TITLE, NONE)
        listed = g.changed(choices=names, value=chosen) if is_new else g.unchanged()
        head = [
            sender.html("sweep", night + empty),
            sender.send("tools", bool(names), visible=bool(names)),
            listed,
        ]
        if not found or not chosen:
            return [*head, sender.html("status", ""), sender.html("results", "")]
        return [*head, *self._shown(sender, found[0].sweep(chosen))]

    def _shown(self, sender: Sender, place: SweepFolder) -> list[Any]:
        workspace = self.context.workspace
        sweep = sweeps_room.read_sweep(place)
        status = sweeps.status_of(workspace, place.person.slug, place.id)
        told = status_panel(
            sweep, sweeps_room.read_forecast(place), status, self.context.watch.clock()
        )
        drawing = next(reversed(sweeps.page_jobs(workspace, place)), None)
        return [
            sender.html("status", told),
            sender.html("results", results_panel(place, sweeps_room.read_results(place), drawing)),
        ]

    def _queued(self, who: str | None, shown: str | None, *, failed: bool) -> tuple[Any, ...]:
        with self.context.submitting:
            jobs = sweeps.continue_sweep(*self._chosen(who, shown), failed=failed)
        return (message(f"{counted(len(jobs), 'run')} queued.", "good"),)

    def _chosen(self, who: str | None, shown: str | None) -> tuple[Any, str, str]:
        person, _ = self.context.open_person(who)
        if not shown or not person.sweep(shown).record.exists():
            raise InputError("There is no such sweep: choose one in the list.")
        return self.context.workspace, person.slug, shown


def _newest_first(sweeps: Sequence[SweepFolder]) -> list[SweepFolder]:
    return sorted(sweeps, key=lambda sweep: sweep.record.stat().st_mtime, reverse=True)

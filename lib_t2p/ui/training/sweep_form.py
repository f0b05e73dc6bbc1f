"""The upper part of the Sweeps tab: what to compare, what that takes, and its start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from lib_t2p import actions, sweeps
from lib_t2p.actions import grids as grid_actions
from lib_t2p.actions import sweeps as sweep_actions
from lib_t2p.errors import InputError
from lib_t2p.ui.components import (
    button,
    choice_field,
    number_field,
    on_event,
    on_press,
    panel,
    radio_field,
    text_field,
    tick_field,
    tools,
    whole_number,
)
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import message
from lib_t2p.ui.training.form_check import TrainForm
from lib_t2p.ui.training.night_part import night_part
from lib_t2p.ui.training.sweep_view import plan_panel
from lib_t2p.ui.training.trainer_part import Filled, refuse_missing

OWN = "My own"
MODES = {"Every combination": "product", "One setting at a time": "one_at_a_time"}
OWN_ABOUT = "Compares what you type below, from the recipe, settings and base on the left."


@dataclass(frozen=True)
class SweepFields:
    """The components of a sweep, in the order of `inputs`."""

    ready: Any
    axes: Any
    mode: Any
    repeats: Any
    based: Any
    name: Any

    @property
    def inputs(self) -> list[Any]:
        """All of them."""
        return [self.ready, self.axes, self.mode, self.repeats, self.based, self.name]


def sweep_form(context: TabContext, form: TrainForm) -> None:
    """Build the form and its two buttons."""
    fields, about = _fields()
    with tools():
        ask = button("Forecast this sweep", "t2p_sweep_forecast")
        start = button("Start sweep", "t2p_sweep_start", "primary")
    said = panel("t2p_sweep_message")
    planned = panel("t2p_sweep_plan")
    actions = _SweepActions(context, form)
    inputs = [*fields.inputs, *form.inputs]
    on_press(ask, actions.forecast, inputs, [said, planned])
    on_press(start, actions.start, inputs, [said, planned, fields.name])
    night_part(context, actions.request, inputs)
    shown = [about, fields.mode, fields.repeats, fields.based]
    on_event(fields.ready.change, _chosen, [fields.ready], shown)


def _fields() -> tuple[SweepFields, Any]:
    with gr.Row():
        ready = choice_field(
            "What to compare",
            "t2p_sweep_ready",
            [OWN, *[one.name for one in sweeps.list_ready()]],
            value=OWN,
            info="A page of the guide, or settings of your own.",
        )
        name = text_field(
            "Name of the sweep", "t2p_sweep_name", placeholder="made from what differs when empty"
        )
    about = panel("t2p_sweep_about", message(OWN_ABOUT, "plain"))
    axes = text_field(
        "Settings and values, one setting a line",
        "t2p_sweep_axes",
        lines=2,
        max_lines=8,
        placeholder="network_dim=32,64,128\noptimizer_args.growth_rate=1.02,1.05,inf",
    )
    with gr.Row():
        mode = radio_field("Of several settings", "t2p_sweep_mode", MODES, "Every combination")
        repeats = number_field(
            "Seeds per value",
            "t2p_sweep_repeats",
            1,
            info="2 or more show how much runs differ by chance.",
        )
    based = tick_field(
        "Take recipe and settings from the left",
        "t2p_sweep_based",
        value=True,
        info="Else the recipe of the chosen page of the guide.",
    )
    return SweepFields(ready, axes, mode, repeats, based, name), about


def _chosen(name: str) -> tuple[Any, ...]:
    if name == OWN:
        return message(OWN_ABOUT, "plain"), "Every combination", 1, True
    ready = sweeps.load_ready(name)
    axes = "\n".join(
        f"- {axis.name}: {', '.join(choice.label for choice in axis.choices)}"
        for axis in ready.axes
    )
    needs = "\n".join(
        f"- {axis}: type {axis}=... below: {told}" for axis, told in ready.needs.items()
    )
    words = {value: label for label, value in MODES.items()}
    about = message(f"{ready.title}\n{ready.description}\n{axes}\n{needs}", "plain")
    return about, words[ready.mode], ready.repeats, False


class _SweepActions:
    def __init__(self, context: TabContext, form: TrainForm) -> None:
        self.context = context
        self.form = form

    def forecast(self, *values: Any) -> tuple[Any, ...]:
        """Runs, minutes and what is refused; nothing is written."""
        person, request = self.request(values)
        plan = sweep_actions.forecast_sweep(self.context.workspace, person, request)
        return "", plan_panel(plan)

    def start(self, *values: Any) -> tuple[Any, ...]:
        """Store the sweep and queue its runs."""
        person, request = self.request(values)
        refuse_missing(request.trainer)
        with self.context.submitting:
            made = sweep_actions.new_sweep(self.context.workspace, person, request)
        told = f"The sweep {made.id} is on its way: see below."
        return message(told, "good"), "", ""

    def request(self, values: tuple[Any, ...]) -> tuple[str, sweep_actions.SweepRequest]:
        """The person and what the form says."""
        ready, axes, mode, repeats, based, name, *rest = values
        filled = Filled.of(rest, self.form.checker.fields.options)
        person, _ = self.context.open_person(filled.who)
        workspace = self.context.workspace
        own = ready == OWN
        from_left = own or based is True
        lines = [line.strip() for line in str(axes or "").splitlines() if line.strip()]
        typed = self._checkpoints(grid_actions.axes_from(lines))
        if own and not typed:
            raise InputError("Nothing differs: type a setting with values, or choose a page.")
        request = sweep_actions.SweepRequest(
            checkpoint="" if "checkpoint" in typed else str(filled.checkpoint(self.context)),
            name=str(name or "").strip(),
            ready="" if own else str(ready),
            recipe=filled.recipe if from_left else "",
            overrides=filled.overrides(workspace) if from_left else {},
            axes=typed,
            mode="one_at_a_time" if MODES.get(str(mode)) == "one_at_a_time" else "product",
            repeats=max(1, whole_number(repeats, "Seeds per value")),
            dataset=filled.dataset(person),
            trainer=filled.trainer,
        )
        for given in request.typed_values():
            actions.check_paths(self.context.host, given)
        return person.slug, request

    def _checkpoints(self, axes: dict[str, list[Any]]) -> dict[str, list[Any]]:
        """Base checkpoints by their titles or paths, which the host must allow."""
        named = axes.get("checkpoint")
        if named is None:
            return axes
        host = self.context.host
        return {
            **axes,
            "checkpoint": [str(actions.checkpoint_path(host, str(one))) for one in named],
        }

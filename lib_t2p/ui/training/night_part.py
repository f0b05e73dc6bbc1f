"""Overnight: what the sweep's form says, trained, painted, judged and told by morning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from html import escape
from typing import Any, TypeAlias

import gradio as gr

from lib_t2p import actions
from lib_t2p import nights as nights_room
from lib_t2p.actions import sweeps as sweep_actions
from lib_t2p.errors import InputError
from lib_t2p.ui.components import (
    button,
    facts,
    main_button,
    on_press,
    panel,
    text_field,
    tools,
)
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import Tone, message, report_link
from lib_t2p.ui.training.trainer_part import refuse_missing
from lib_t2p.workspace import NightFolder, PersonFolder

HELP = (
    "Trains what the form above says, stops hopeless runs early, paints and scores the saved "
    "models, scores the best again on fresh seeds, keeps its LoRA with a card and writes a report. "
    "It goes on after errors of single runs and after a restart."
)
Asked: TypeAlias = "Callable[[tuple[Any, ...]], tuple[str, sweep_actions.SweepRequest]]"
"""Reads the sweep's form; gives the person and what is to be trained."""


def night_part(context: TabContext, asked: Asked, inputs: Sequence[Any]) -> None:
    """Build the fields of a night and its two buttons.

    Args:
        context: of the tab.
        asked: reads the values of `inputs`.
        inputs: the sweep's form.
    """
    with gr.Accordion("Overnight", open=False, elem_id="t2p_night"):
        facts("t2p_night_help", HELP)
        with gr.Row():
            until = text_field(
                "Report wanted by",
                "t2p_night_until",
                placeholder="07:00",
                info="Training ends in time for the pictures; empty trains all that is asked.",
            )
            address = text_field(
                "Notify this address at the end",
                "t2p_night_url",
                placeholder="https://...",
                info="Gets a POST with the verdict; empty for nobody.",
            )
        with tools():
            start = main_button("Start the night", "t2p_night_start")
            stop = button("Stop the night", "t2p_night_stop")
        said = panel("t2p_night_message")
    nights = _Nights(context, asked)
    on_press(start, nights.start, [until, address, *inputs], [said])
    on_press(stop, nights.stop, [context.picker], [said])


def night_panel(person: PersonFolder) -> str:
    """Where the newest night of a person stands, with its report; empty when there is none."""
    night = max(
        person.nights(), key=lambda place: nights_room.read_night(place).created, default=None
    )
    if night is None:
        return ""
    state = nights_room.read_state(night)
    words: dict[str, tuple[str, Tone]] = {
        "": ("is under way.", "info"),
        "finished": ("is over.", "good"),
        "failed": ("failed:", "bad"),
        "stopped": ("was stopped:", "warn"),
    }
    told, tone = words[state.end]
    why = state.reason or str(state.result.get("sentence", ""))
    text = " ".join(filter(None, [f"The night {night.id} {told}", why]))
    panel = message("\n".join([text, *(f"- {note}" for note in state.notes)]), tone)
    panel += report_link(night.report, "Open the report of the night", "t2p_night_report")
    return f'<div id="t2p_night_state" title="{escape(night.id)}">{panel}</div>'


class _Nights:
    def __init__(self, context: TabContext, asked: Asked) -> None:
        self.context = context
        self.asked = asked

    def start(self, until: str | None, address: str | None, *values: Any) -> tuple[Any, ...]:
        """Begin a night with the form's sweep, or go on with the same one."""
        person, sweep = self.asked(values)
        refuse_missing(sweep.trainer)
        now = datetime.fromtimestamp(self.context.watch.clock()).astimezone()
        by = str(until or "").strip()
        request = nights_room.NightRequest(
            sweep=replace(sweep, name="", dataset=None),
            dataset=sweep.dataset or 0,
            finish_by=actions.parse_when(by, now).timestamp() if by else None,
            notify_url=str(address or "").strip(),
        )
        with self.context.submitting:
            night = nights_room.begin_night(
                self.context.workspace, person, request, now.timestamp()
            )
        return (message(f"The night {night.id} has begun: see below.", "good"),)

    def stop(self, who: str | None) -> tuple[Any, ...]:
        """End the night that is under way; all that is made stays."""
        person, _ = self.context.open_person(who)
        night: NightFolder | None = nights_room.unfinished_night(person)
        if night is None:
            raise InputError("No night is under way.")
        nights_room.stop_night(self.context.workspace, person.slug, night.id)
        return (message(f"The night {night.id} is stopped; what is made stays.", "info"),)

"""Portraits: the form on the left, the series and its pictures on the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from lib_t2p.ui.components import (
    act_channel,
    button,
    choice_field,
    main_button,
    number_field,
    on_press,
    panel,
    radio_field,
    tools,
)
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.portraits.acts import PortraitActs
from lib_t2p.ui.portraits.fields import PortraitEntry, portrait_fields, rule_fields
from lib_t2p.ui.portraits.gallery import CHANNEL, PLACES
from lib_t2p.ui.portraits.tips_form import tips_form
from lib_t2p.ui.portraits.view import PortraitsView
from lib_t2p.ui.refresh import LivePart, live_part


@dataclass(frozen=True)
class _Side:
    """Components on the right."""

    live: Any
    series: Any
    stop: Any
    tools: Any
    place: Any
    page: Any
    facts: Any
    pictures: Any
    said: Any


def portraits_tab(context: TabContext) -> LivePart:
    """Build the tab; gives the part that refreshes itself."""
    acts = PortraitActs(context)
    with gr.Row(elem_classes=["t2p-columns"]):
        with gr.Column(scale=1, min_width=320), gr.Tabs(elem_id="t2p_portraits_forms"):
            with gr.Tab("New series", elem_id="t2p_portraits_tab_new"):
                fields = portrait_fields(context)
                prompts = _form_buttons(context, fields, acts)
            with gr.Tab("Tips", elem_id="t2p_portraits_tab_tips"):
                tip_lora = tips_form(context, fields, acts)
        with gr.Column(scale=2, min_width=320, elem_id="t2p_portraits_side"):
            side = _side(context, acts)
    view = PortraitsView(context)
    part = live_part(
        "portraits",
        view.refresh,
        [context.picker, side.series, side.place, side.page],
        [
            side.live,
            side.series,
            side.stop,
            side.tools,
            side.pictures,
            side.facts,
            fields.lora,
            tip_lora,
            prompts,
        ],
    )
    part.also_on(context.picker.change, side.series.change, side.place.change, side.page.change)
    return part


def _form_buttons(context: TabContext, fields: PortraitEntry, acts: PortraitActs) -> Any:
    """Buttons below the form; gives the panel for previewed prompts."""
    preview = button("Show 5 prompts", "t2p_portraits_preview")
    start = main_button("Paint portraits", "t2p_portraits_start")
    said = panel("t2p_portraits_message")
    prompts = panel("t2p_portraits_prompts")
    inputs = [context.picker, *fields.in_order()]
    on_press(start, acts.start, inputs, [said, fields.name])
    asked = [context.picker, fields.prompt, fields.seed]
    on_press(preview, acts.preview, asked, [said])
    return prompts


def _side(context: TabContext, acts: PortraitActs) -> _Side:
    live = panel("t2p_portraits_live")
    with tools():
        series = choice_field("Series shown", "t2p_portraits_shown", visible=False)
        stop = button("Stop portraits", "t2p_portraits_stop", "stop", visible=False)
    said = panel("t2p_portraits_side_message")
    with gr.Column(visible=False) as side:
        with tools():
            place = radio_field("Pictures shown", "t2p_portraits_place", PLACES, "Kept")
            page = number_field("Page of pictures", "t2p_portraits_page", 1)
        counted = panel("t2p_portraits_page_facts")
        _more(context, series, said, acts)
    pictures = panel("t2p_portraits_gallery")
    on_press(stop, acts.stop, [context.picker, series], [said])
    act_channel(CHANNEL, acts.move, [context.picker], [said])
    return _Side(live, series, stop, side, place, page, counted, pictures, said)


def _more(context: TabContext, series: Any, said: Any, acts: PortraitActs) -> None:
    with gr.Accordion("More, another rule, the bin", open=False, elem_id="t2p_portraits_more_part"):
        with tools():
            count = number_field("More portraits (0: no limit)", "t2p_portraits_more_count", 8)
            more = button("Paint more", "t2p_portraits_more")
            folder = button("Open folder", "t2p_portraits_folder")
        limits = rule_fields("t2p_portraits_sort", " (sorting)")
        with tools():
            sort = button("Sort by this rule", "t2p_portraits_sort")
            ask = button("Empty the bin ...", "t2p_portraits_bin_ask")
            empty = button("Yes, delete them", "t2p_portraits_bin_empty", "stop", visible=False)
    agreed = gr.State(0)
    which = [context.picker, series]
    on_press(more, acts.more, [*which, count], [said])
    on_press(folder, acts.open_folder, which, [said])
    on_press(sort, acts.sort, [*which, *limits.values()], [said])
    on_press(ask, acts.ask_to_empty, which, [said, empty, agreed])
    on_press(empty, acts.empty, [*which, agreed], [said, empty])

"""Portraits: the form on the left, the series and its pictures on the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import act_channel, says_errors
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
    preview = gr.Button("Show 5 prompts", elem_id="t2p_portraits_preview", size="sm")
    start = gr.Button("Paint portraits", variant="primary", elem_id="t2p_portraits_start")
    said = g.private(gr.HTML("", elem_id="t2p_portraits_message"))
    prompts = g.private(gr.HTML("", elem_id="t2p_portraits_prompts"))
    inputs = [context.picker, *fields.in_order()]
    g.bind(start.click, says_errors(2)(acts.start), inputs, [said, fields.name])
    asked = [context.picker, fields.prompt, fields.seed]
    g.bind(preview.click, says_errors(1)(acts.preview), asked, [said])
    return prompts


def _side(context: TabContext, acts: PortraitActs) -> _Side:
    live = g.private(gr.HTML("", elem_id="t2p_portraits_live"))
    with gr.Row(elem_classes=["t2p-tools"]):
        series = g.private(
            gr.Dropdown(
                choices=[],
                label="Series shown",
                elem_id="t2p_portraits_shown",
                interactive=True,
                visible=False,
            )
        )
        stop = g.private(
            gr.Button("Stop portraits", variant="stop", elem_id="t2p_portraits_stop", visible=False)
        )
    said = g.private(gr.HTML("", elem_id="t2p_portraits_side_message"))
    with gr.Column(visible=False) as tools:
        with gr.Row(elem_classes=["t2p-tools"]):
            place = g.private(
                gr.Radio(
                    choices=list(PLACES),
                    value="Kept",
                    label="Pictures shown",
                    elem_id="t2p_portraits_place",
                )
            )
            page = g.private(
                gr.Number(1, label="Page of pictures", elem_id="t2p_portraits_page", precision=0)
            )
        facts = g.private(gr.HTML("", elem_id="t2p_portraits_page_facts"))
        _more(context, series, said, acts)
    pictures = g.private(gr.HTML("", elem_id="t2p_portraits_gallery"))
    told = says_errors(1)
    g.bind(stop.click, told(acts.stop), [context.picker, series], [said])
    act_channel(CHANNEL, told(acts.move), [context.picker], [said])
    return _Side(live, series, stop, tools, place, page, facts, pictures, said)


def _more(context: TabContext, series: Any, said: Any, acts: PortraitActs) -> None:
    told = says_errors(1)
    with gr.Accordion("More, another rule, the bin", open=False, elem_id="t2p_portraits_more_part"):
        with gr.Row(elem_classes=["t2p-tools"]):
            count = g.private(
                gr.Number(
                    8,
                    label="Further portraits (0: no end)",
                    elem_id="t2p_portraits_more_count",
                    precision=0,
                )
            )
            more = gr.Button("Paint more", elem_id="t2p_portraits_more", size="sm")
            folder = gr.Button("Open folder", elem_id="t2p_portraits_folder", size="sm")
        limits = rule_fields("t2p_portraits_sort", " (sorting)")
        for component in limits.values():
            g.private(component)
        with gr.Row(elem_classes=["t2p-tools"]):
            sort = gr.Button("Sort by this rule", elem_id="t2p_portraits_sort", size="sm")
            ask = gr.Button("Empty the bin ...", elem_id="t2p_portraits_bin_ask", size="sm")
            empty = g.private(
                gr.Button(
                    "Yes, delete them",
                    variant="stop",
                    elem_id="t2p_portraits_bin_empty",
                    visible=False,
                    size="sm",
                )
            )
    agreed = gr.State(0)
    which = [context.picker, series]
    g.bind(more.click, told(acts.more), [*which, count], [said])
    g.bind(folder.click, told(acts.open_folder), which, [said])
    g.bind(sort.click, told(acts.sort), [*which, *limits.values()], [said])
    g.bind(ask.click, says_errors(3)(acts.ask_to_empty), which, [said, empty, agreed])
    g.bind(empty.click, says_errors(2)(acts.empty), [*which, agreed], [said, empty])

"""The whole page: the person at the top, three tabs beneath."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import gradio as gr

from lib_t2p import actions
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import panel
from lib_t2p.ui.context import TabContext, people_choices, person_picker
from lib_t2p.ui.dataset.tab import dataset_tab
from lib_t2p.ui.generate_tab import generate_tab
from lib_t2p.ui.job_activity import JobWatch
from lib_t2p.ui.markup import message
from lib_t2p.ui.portraits.portraits_tab import portraits_tab
from lib_t2p.ui.refresh import LivePart
from lib_t2p.ui.training.disk_tab import disk_tab
from lib_t2p.ui.training.form import train_form
from lib_t2p.ui.training.logs_tab import logs_tab
from lib_t2p.ui.training.queue_tab import queue_tab
from lib_t2p.ui.training.run_tab import run_tab
from lib_t2p.ui.training.sweeps_tab import sweeps_tab
from lib_t2p.ui.votes_tab import votes_tab


def train_tab(context: TabContext) -> LivePart:
    """Build the tab; gives the part that shows a run, for the page to fill when it loads."""
    with gr.Row(elem_classes=["t2p-columns"]):
        with gr.Column(scale=1, min_width=320):
            form = train_form(context)
        with gr.Column(scale=2, min_width=320), gr.Tabs(elem_id="t2p_train_tabs"):
            with _side("Run", "train"):
                part = run_tab(context, form)
            with _side("Queue", "queue"):
                queue_tab(context)
            with _side("Sweeps", "sweep"):
                sweeps_tab(context, form)
            with _side("Logs", "logs"):
                logs_tab(context)
            with _side("Disk", "disk"):
                disk_tab(context)
    return part


@contextmanager
def _side(title: str, part: str) -> Iterator[None]:
    """A tab whose column tells the page's script which part is seen."""
    with (
        gr.Tab(title, elem_id=f"t2p_train_tab_{title.lower()}"),
        gr.Column(elem_id=f"t2p_{part}_side"),
    ):
        yield


def generation_tabs(context: TabContext) -> LivePart:
    """Build the tabs; gives the part that compares, for the page to fill when it loads."""
    with gr.Tabs(elem_id="t2p_generate_tabs"):
        with gr.Tab("Compare", elem_id="t2p_generate_tab_compare"):
            part = generate_tab(context)
        with gr.Tab("Portraits", elem_id="t2p_generate_tab_portraits"):
            portraits_tab(context)
        with gr.Tab("Vote", elem_id="t2p_generate_tab_vote"):
            votes_tab(context)
    return part


ROOT = Path(__file__).resolve().parents[3]
STYLE = ROOT / "style.css"
SCRIPTS = tuple(sorted((ROOT / "javascript").glob("*.js")))


def build_tabs(
    blocks: gr.Blocks,
    host: actions.Host,
    watch: JobWatch | None = None,
    above: Callable[[], LivePart] | None = None,
) -> None:
    """Build everything inside `blocks`, which is open.

    Args:
        blocks: of a page of our own, or of a tab of the WebUI.
        host: the program that we run inside of.
        watch: follows the jobs; made for the host's workspace when None.
        above: builds what the host has to say above all of it, if anything.
    """
    closed = host.restricted()
    parts: list[LivePart] = []
    with gr.Column(elem_id="t2p_root"):
        if above is not None:
            parts.append(above())
        with gr.Row(elem_id="t2p_top"):
            picker = person_picker(host)
        if closed:
            panel("t2p_restricted", message(closed, "warn"))
        context = TabContext(host, watch or JobWatch(host.workspace), picker)
        with gr.Tabs(elem_id="t2p_tabs"):
            for title, build in TABS.items():
                with gr.Tab(title, elem_id=f"t2p_tab_{title.lower()}"):
                    parts.append(build(context))
    _fill_at_load(blocks, host, picker, parts)


TABS = {"Dataset": dataset_tab, "Train": train_tab, "Generate": generation_tabs}
"""Title -> what builds the tab."""


def _fill_at_load(
    blocks: gr.Blocks, host: actions.Host, picker: gr.Dropdown, parts: list[LivePart]
) -> None:
    def people() -> object:
        names, chosen = people_choices(host)
        return g.changed(choices=names, value=chosen)

    g.bind(blocks.load, people, [], [picker], quiet=True)
    for part in parts:
        part.also_on(blocks.load)

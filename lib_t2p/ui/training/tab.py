"""The Train tab: the form on the left, five sides of the work on the right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import gradio as gr

from lib_t2p.ui.context import TabContext
from lib_t2p.ui.refresh import LivePart
from lib_t2p.ui.training.disk_tab import disk_tab
from lib_t2p.ui.training.form import train_form
from lib_t2p.ui.training.logs_tab import logs_tab
from lib_t2p.ui.training.queue_tab import queue_tab
from lib_t2p.ui.training.run_tab import run_tab
from lib_t2p.ui.training.sweeps_tab import sweeps_tab


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

"""The Generate tab: comparing models, portraits with the best of them, and blind votes."""

from __future__ import annotations

import gradio as gr

from lib_t2p.ui.context import TabContext
from lib_t2p.ui.generate_tab import generate_tab
from lib_t2p.ui.portraits.tab import portraits_tab
from lib_t2p.ui.refreshing import LivePart
from lib_t2p.ui.votes_tab import votes_tab


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

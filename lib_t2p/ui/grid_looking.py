"""How the cells of a grid are looked through: order, filter, words, page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from lib_t2p.reports.picture import AS_AXES, EVERYTHING, FILTERS, ORDERS, Choice
from lib_t2p.ui import gradio_versions as g


@dataclass(frozen=True)
class Looking:
    """The components, in the order of `in_order`."""

    page: Any
    order: Any
    only: Any
    words: Any

    def in_order(self) -> list[Any]:
        """What the refresh reads."""
        return [self.page, self.order, self.only, self.words]


def looking_fields() -> Looking:
    """Build the fields above the cells."""
    with gr.Row(elem_classes=["t2p-tools"]):
        order = gr.Dropdown(
            choices=[AS_AXES, *ORDERS],
            value=AS_AXES,
            label="Order of the pictures",
            elem_id="t2p_grid_order",
            min_width=140,
        )
        only = gr.Dropdown(
            choices=[EVERYTHING, *FILTERS],
            value=EVERYTHING,
            label="Cells shown",
            elem_id="t2p_grid_only",
            min_width=140,
        )
        words = gr.Textbox(
            label="Pictures with",
            elem_id="t2p_grid_words",
            placeholder="such as e02, seed 3",
            max_lines=1,
            min_width=140,
        )
        page = gr.Number(
            1, label="Page of cells", elem_id="t2p_grid_page", precision=0, min_width=80
        )
    looking = Looking(page, order, only, words)
    for component in looking.in_order():
        g.private(component)
    return looking


def read_choice(order: Any, only: Any, words: Any) -> Choice:
    """What the fields hold; values that are none count as the usual ones."""
    return Choice(str(order or AS_AXES), str(only or EVERYTHING), str(words or ""))


def read_page(page: Any) -> int:
    """The page, counted from 1."""
    return int(page) if isinstance(page, (int, float)) else 1

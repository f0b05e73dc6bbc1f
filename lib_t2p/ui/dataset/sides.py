"""What the inner tabs share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import gradio as gr

from lib_t2p.ui.context import TabContext
from lib_t2p.ui.dataset.build_fields import OptionFields
from lib_t2p.ui.dataset.photo_states import PhotoStates


@dataclass(frozen=True)
class Sides:
    """Given to each inner tab.

    Attributes:
        context: of the whole tab.
        options: fields of the build form.
        states: what a build would do with each photo.
    """

    context: TabContext
    options: OptionFields
    states: PhotoStates


@contextmanager
def side(title: str, part: str) -> Iterator[None]:
    """A tab whose column tells the page's script which part is seen."""
    with (
        gr.Tab(title, elem_id=f"t2p_dataset_tab_{part}"),
        gr.Column(elem_id=f"t2p_{part}_side"),
    ):
        yield

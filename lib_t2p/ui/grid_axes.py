"""Pickers of a grid's axes: kind, typed values, ready ones."""

from __future__ import annotations

from typing import Any

import gradio as gr

from lib_t2p import actions, grids
from lib_t2p.actions import grids as grid_actions
from lib_t2p.errors import FaultsError
from lib_t2p.grids import axes as axes_room
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import choice_field
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.grid_fields import AXIS_PLACES, KINDS, NONE, SWEPT, GridEntry
from lib_t2p.ui.markup import message

_TITLES = {kind: title for title, kind in KINDS.items()}


def ready_lists() -> tuple[Any, Any]:
    """Build the lists of ready axes and ready prompts, which fill the fields below them."""
    with gr.Row():
        ready = choice_field("Ready axes", "t2p_grid_ready", [one.title for one in grids.READY])
        prompts = choice_field("Ready prompts", "t2p_grid_ready_prompts", grids.ready_prompts())
    return ready, prompts


def bind_ready(context: TabContext, lists: tuple[Any, Any], fields: GridEntry, said: Any) -> None:
    """Let the two lists of `ready_lists` fill the fields; `said` tells what is still needed."""
    ready, prompts = lists
    filled = [fields.x_kind, fields.x_values, fields.y_kind, fields.y_values, fields.weights]

    def fill(title: str | None) -> tuple[Any, ...]:
        if not title:
            return (g.unchanged(),) * 7
        found = grids.ready_axes(title, actions.known_names(context.host))
        (x, x_values), (y, y_values) = found.x, found.y
        seeds = g.changed(value=found.seeds) if found.seeds else g.unchanged()
        axes = [_TITLES[x], x_values, _TITLES[y], y_values, found.weights]
        note = message("Choose a start picture below.", "info") if x == "denoising" else ""
        return (*[g.changed(value=value) for value in axes], seeds, note)

    def write(title: str | None) -> tuple[Any, ...]:
        sets = grids.ready_prompts()
        text = "\n".join(sets.get(title or "", ()))
        return (g.changed(value=text) if text else g.unchanged(),)

    g.bind(ready.change, fill, [ready], [*filled, fields.seeds, said], quiet=True)
    g.bind(prompts.change, write, [prompts], [fields.prompts], quiet=True)


def axes_from(
    entry: GridEntry, listed: dict[str, tuple[str | float, ...]], host: actions.Host
) -> tuple[axes_room.Axis, axes_room.Axis, axes_room.Axis | None]:
    """Read the three axes.

    Args:
        entry: what was typed.
        listed: values of the kinds that have a field of their own.
        host: resolves titles of checkpoints.

    Raises:
        FaultsError: everything that cannot be read.
    """
    found: list[axes_room.Axis | None] = []
    faults: list[str] = []
    for name, words in AXIS_PLACES:
        title = getattr(entry, f"{name}_kind")
        if name == "z" and (title or NONE) == NONE:
            found.append(None)
            continue
        try:
            kind = _kind(title)
            axis = grids.typed_axis(kind, getattr(entry, f"{name}_values") or "", listed, words)
            found.append(grid_actions.with_paths(axis, host, words))
        except FaultsError as error:
            faults += [f"{words}: {fault}" for fault in error.faults]
            found.append(None)
    x, y, z = found
    if faults or x is None or y is None:
        raise FaultsError("This grid cannot be drawn", faults)
    return x, y, z


def _kind(title: str | None) -> axes_room.AxisKind:
    if title == SWEPT:
        return "saved_model"
    if title not in KINDS:
        known = ", ".join((*KINDS, SWEPT))
        raise FaultsError("axis", [f"there is no kind {title!r}: choose one of {known}"])
    return KINDS[title]

"""Comparing LoRA files that were made elsewhere: the form below that of a grid."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from lib_t2p import actions, grids, painting
from lib_t2p.actions import grids as grid_actions
from lib_t2p.errors import FaultsError, InputError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.components import (
    LORAS,
    button,
    checkpoint_field,
    file_field,
    number_field,
    number_list,
    on_press,
    panel,
    text_field,
    whole_number,
)
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import message
from lib_t2p.workspace import taken


def own_loras_form(context: TabContext) -> None:
    """Build the form."""
    with gr.Accordion("Compare LoRA files made elsewhere", open=False, elem_id="t2p_own_part"):
        fields = _fields(context.host)
        start = button("Compare these files", "t2p_own_start", size="lg")
        said = panel("t2p_own_message")

    def begin(person: str | None, uploaded: Any, *typed: Any) -> tuple[Any, ...]:
        folder, _ = context.open_person(person)
        wanted = _wanted(context.host, *typed)
        workspace = context.workspace
        kept = (g.upload_cache(), g.upload_copies(uploaded))
        with context.submitting, taken(workspace, g.uploaded_paths(uploaded), *kept) as files:
            wanted = replace(wanted, files=[*files, *wanted.files])
            jobs = grid_actions.compare_loras(workspace, folder.slug, wanted)
        count = text.counted(len(grids.read_plan(folder.grid(wanted.name)).models), "file")
        first = "the dataset is built first, then " if len(jobs) > len(grids.KINDS) else ""
        grid = jobs[-1].params["grid"]
        told = f"{count} on the way as {grid}: {first}the verdict follows automatically."
        return message(told, "good"), g.changed(value=None)

    on_press(start, begin, [context.picker, *fields], [said, fields[0]])


def _fields(host: actions.Host) -> list[Any]:
    """The upload, then what `_wanted` takes, in its order."""
    plain = painting.ComparedPictures()
    upload = file_field("LoRA files", "t2p_own_upload", LORAS, many=True, height=120)
    files = text_field(
        "Paths of LoRA files",
        "t2p_own_files",
        lines=2,
        placeholder="or files on this computer, one path a line",
    )
    photos = text_field(
        "Photos of this person to compare with",
        "t2p_own_photos",
        info="A folder: its photos are imported and a dataset is built of them first. When it "
        "is empty, the held-out photos of the newest dataset are taken.",
    )
    checkpoint = checkpoint_field(host, "Base checkpoint of these files", "t2p_own_base")
    with gr.Row():
        weights = text_field(
            "Weights of these files",
            "t2p_own_weights",
            value=", ".join(f"{weight:g}" for weight in grid_actions.WEIGHTS),
            min_width=110,
        )
        trigger = text_field(
            "Trigger of these files",
            "t2p_own_trigger",
            placeholder="the person's own",
            min_width=110,
        )
        size = number_field(
            "Side of these pictures (px)", "t2p_own_size", plain.width, min_width=110
        )
    name = text_field("Name of this comparison", "t2p_own_name", value="own LoRAs")
    return [upload, files, photos, checkpoint, weights, trigger, size, name]


def _wanted(
    host: actions.Host,
    files: str | None,
    photos: str | None,
    checkpoint: str,
    weights: str,
    trigger: str | None,
    size: Any,
    name: str | None,
) -> grid_actions.OwnLoras:
    """What the form holds; raises `InputError` or, for all paths at once, `FaultsError`."""
    side = whole_number(size, "Side of these pictures")
    if not (name or "").strip():
        raise InputError("This comparison has no name: type one.")
    return grid_actions.OwnLoras(
        files=_paths(host, files or ""),
        photos=[actions.allowed_path(host, photos)] if photos and photos.strip() else [],
        checkpoint=actions.checkpoint_path(host, checkpoint),
        name=str(name).strip(),
        trigger=(trigger or "").strip(),
        weights=number_list(weights, "Weights of these files"),
        look=replace(painting.ComparedPictures(), width=side, height=side),
    )


def _paths(host: actions.Host, typed: str) -> list[Path]:
    found, faults = [], []
    for line in filter(str.strip, typed.splitlines()):
        try:
            found.append(actions.allowed_path(host, line))
        except InputError as error:
            faults.append(str(error))
    if faults:
        raise FaultsError("These LoRAs cannot be compared", faults)
    return found

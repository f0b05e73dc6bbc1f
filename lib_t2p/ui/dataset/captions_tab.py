"""The side Captions: where they come from, editing many at once, seeing changes, undoing."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, cast

import gradio as gr

from lib_t2p import actions
from lib_t2p.actions import photos
from lib_t2p.actions import photos as photo_actions
from lib_t2p.dataset import captions
from lib_t2p.errors import InputError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import real_number, says_errors
from lib_t2p.ui.dataset.picture_addresses import preview_url
from lib_t2p.ui.dataset.sides import Sides
from lib_t2p.ui.markup import badge, empty_state, message, section, table
from lib_t2p.ui.refresh import LivePart, Sender, live_part
from lib_t2p.ui.text import counted
from lib_t2p.workspace import PersonFolder

PAGE = 40
"""Captions of a page."""
FOLDER_NAME = "(the folder name)"


def captions_panel(
    person: PersonFolder, lines: Sequence[photo_actions.CaptionLine], page: int
) -> str:
    """One page of captions as the trainer will read them, with their tokens."""
    if not lines:
        return empty_state("No photos to caption", "Look at the photos first; those used appear.")
    pages = max(1, -(-len(lines) // PAGE))
    page = min(max(page, 1), pages)
    rows = [_row(person, line) for line in lines[(page - 1) * PAGE : page * PAGE]]
    long = sum(_is_long(line) for line in lines)
    warned = (
        message(
            f"{counted(long, 'caption')} above {photo_actions.LIMIT} tokens: the trainer cuts off "
            "the rest, unless max_token_length is 150 or 225.",
            "warn",
        )
        if long
        else ""
    )
    note = f"page {page} of {pages}" if pages > 1 else counted(len(lines), "photo")
    body = table(["", "Photo", "Caption", "Tokens"], rows)
    return warned + section("Captions as the trainer reads them", body, note)


def changes_panel(changes: Sequence[photo_actions.Change], done: bool) -> str:
    """What an edit changes, or has changed."""
    if not changes:
        return message("Nothing changes: no caption fits.", "info")
    rows = [
        [_name(c.photo), _wide(c.before or FOLDER_NAME), _wide(c.after or FOLDER_NAME)]
        for c in changes[:PAGE]
    ]
    word = "changed" if done else "would change"
    more = f", the first {PAGE} are shown" if len(changes) > PAGE else ""
    head = message(f"{counted(len(changes), 'caption')} {word}{more}.", "good" if done else "info")
    return head + table(["Photo", "Before", "After"], rows)


def _row(person: PersonFolder, line: photo_actions.CaptionLine) -> list[str]:
    url = preview_url(person, line.photo)
    picture = f'<img class="t2p-small" src="{escape(url)}" alt="" loading="lazy">' if url else ""
    tokens = "?" if line.tokens is None else str(line.tokens)
    count = badge(tokens, "bad") if _is_long(line) else escape(tokens)
    return [picture, _name(line.photo), _wide(line.filled or FOLDER_NAME), count]


def _name(photo: str) -> str:
    """A name that is broken where it must, so that a long one leaves room for the caption."""
    return f'<span class="t2p-name" title="{escape(photo)}">{escape(photo)}</span>'


def _wide(caption: str) -> str:
    return f'<div class="t2p-words">{escape(caption)}</div>'


def _is_long(line: photo_actions.CaptionLine) -> bool:
    return line.tokens is not None and line.tokens > photo_actions.LIMIT


KINDS: dict[str, captions.EditKind] = {
    "Add in front": "prefix",
    "Add at the end": "suffix",
    "Replace text": "replace",
    "Replace by pattern (regex)": "regex",
    "Remove tag": "remove_tag",
    "Set all": "set",
}
DESCRIBERS = {"Tagger (WD14, ONNX)": "tagger", "Sentences (BLIP)": "blip"}
WEBUI = {"The WebUI's interrogator": "host"}


def captions_tab(sides: Sides) -> LivePart:
    """Build the side."""
    tab = _CaptionsTab(sides)
    source = _source_fields(isinstance(sides.context.host, actions.HelpingHost))
    edit = _edit_fields()
    with gr.Row(elem_classes=["t2p-tools"]):
        preview = gr.Button("Preview edit", elem_id="t2p_captions_preview")
        apply = gr.Button("Edit captions", variant="primary", elem_id="t2p_captions_apply")
        undo = gr.Button("Undo last edit", elem_id="t2p_captions_undo")
    said = g.private(gr.HTML("", elem_id="t2p_captions_said"))
    page = g.private(
        gr.Number(1, precision=0, label="Page of captions", elem_id="t2p_captions_page")
    )
    panel = g.private(gr.HTML("", elem_id="t2p_captions_panel"))
    picker = sides.context.picker
    inputs = [picker, page, *sides.options.inputs]
    part = live_part("captions", tab.refresh, inputs, [panel])
    part.also_on(picker.change, page.change)
    told = says_errors(1)
    template, template_button, how, folder, threshold, describe = source
    kind, sought, by, photos = edit
    fields = [picker, kind, sought, by, photos]
    acts = (
        g.bind(template_button.click, told(tab.set_template), [picker, template], [said]),
        g.bind(describe.click, told(tab.describe), [picker, how, folder, threshold], [said]),
        g.bind(apply.click, told(tab.apply), fields, [said]),
        g.bind(undo.click, told(tab.undo), [picker], [said]),
    )
    g.bind(preview.click, told(tab.preview), fields, [said])
    for acted in acts:
        g.bind(acted.then, part.handler, part.inputs, part.outputs, quiet=True)
    return part


def _source_fields(has_webui: bool) -> tuple[Any, ...]:
    with gr.Row():
        template = gr.Textbox(
            captions.DEFAULT,
            label="Caption of every photo",
            elem_id="t2p_captions_template",
            info="{token} {class} {pose} {distance}; empty: the folder name alone, as the guide.",
            max_lines=1,
            scale=3,
            min_width=240,
        )
        use = gr.Button("Use for all photos", elem_id="t2p_captions_use", scale=1)
    with gr.Accordion("Describe by a model", open=False, elem_id="t2p_captions_models"):
        how = gr.Radio(
            [*DESCRIBERS, *(WEBUI if has_webui else ())],
            value=next(iter(DESCRIBERS)),
            label="Describe with",
            elem_id="t2p_captions_how",
        )
        folder = gr.Textbox(
            "",
            label="Folder of the model",
            elem_id="t2p_captions_folder",
            placeholder="a folder with model.onnx and selected_tags.csv, or with a BLIP model",
            max_lines=1,
        )
        threshold = gr.Slider(
            0.05,
            0.95,
            value=0.35,
            step=0.05,
            label="Minimum confidence of a tag",
            elem_id="t2p_captions_threshold",
        )
        describe = gr.Button("Describe photos", elem_id="t2p_captions_describe")
    for part in (template, how, folder, threshold):
        g.private(part)
    return template, use, how, folder, threshold, describe


def _edit_fields() -> tuple[Any, ...]:
    with gr.Row():
        kind = gr.Dropdown(
            list(KINDS), value=next(iter(KINDS)), label="Edit", elem_id="t2p_captions_kind"
        )
        sought = gr.Textbox("", label="Text or pattern", elem_id="t2p_captions_text", max_lines=1)
        by = gr.Textbox("", label="Replace by", elem_id="t2p_captions_by", max_lines=1)
    photos = gr.Textbox(
        "",
        label="Only these photos",
        elem_id="t2p_captions_only",
        placeholder="names by comma; empty: all",
        max_lines=1,
    )
    for part in (kind, sought, by, photos):
        g.private(part)
    return kind, sought, by, photos


class _CaptionsTab:
    def __init__(self, sides: Sides) -> None:
        self.sides = sides

    def refresh(self, sender: Sender, name: str | None, page: Any, *values: Any) -> list[Any]:
        """The update of the list."""
        found = self.sides.context.person(name)
        if found is None:
            return [sender.html("captions", "")]
        person, _ = found
        options = self.sides.options.read(values)
        number = int(page) if isinstance(page, (int, float)) else 1
        stamp = person.captions.stat().st_mtime_ns if person.captions.exists() else 0
        mark = (self.sides.states.mark(person, options), stamp, number)
        if not sender.panel_differs("captions_mark", mark):
            return [g.unchanged()]
        state = self.sides.states.state(person, options)
        lines = photos.captions_of(person.workspace, person.slug, options, state)
        return [g.changed(value=captions_panel(person, lines, number))]

    def set_template(self, name: str | None, template: str | None) -> tuple[Any, ...]:
        """One caption for all photos."""
        person, _ = self.sides.context.open_person(name)
        photos.set_template(person.workspace, person.slug, template or "")
        return (message("Every photo has this caption now.", "good"),)

    def describe(
        self, name: str | None, how: str | None, folder: str | None, threshold: Any
    ) -> tuple[Any, ...]:
        """Let a model describe the photos."""
        person, _ = self.sides.context.open_person(name)
        kind = {**DESCRIBERS, **WEBUI}.get(how or "", "tagger")
        path = Path()
        if kind != "host":
            if not (folder or "").strip():
                raise InputError("No folder given: type the folder of the model.")
            path = actions.allowed_path(self.sides.context.host, folder or "")
        least = real_number(threshold, "Minimum confidence of a tag")
        with self.sides.context.submitting:
            photos.submit_description(person.workspace, person.slug, kind, path, least)
        return (message("Describing: the captions will appear below.", "good"),)

    def preview(self, name: str | None, *edit: Any) -> tuple[Any, ...]:
        """What an edit would change."""
        found = self.sides.context.person(name)
        if found is None:
            raise InputError("Create a person first, or choose one at the top.")
        person, _ = found
        changes = photos.preview_edit(person.workspace, person.slug, *_edit(*edit))
        return (changes_panel(changes, done=False),)

    def apply(self, name: str | None, *edit: Any) -> tuple[Any, ...]:
        """Make an edit."""
        person, _ = self.sides.context.open_person(name)
        changes = photos.edit_captions(person.workspace, person.slug, *_edit(*edit))
        return (changes_panel(changes, done=True),)

    def undo(self, name: str | None) -> tuple[Any, ...]:
        """Take the last change back."""
        person, _ = self.sides.context.open_person(name)
        label = photos.undo_captions(person.workspace, person.slug)
        return (message(f"Undone: {label}.", "good"),)


def _edit(
    kind: str | None, sought: str | None, by: str | None, photos: str | None
) -> tuple[captions.Edit, list[str]]:
    known = KINDS.get(kind or "", cast(captions.EditKind, kind))
    names = [name.strip() for name in (photos or "").split(",") if name.strip()]
    return captions.Edit(known, sought or "", by or ""), names

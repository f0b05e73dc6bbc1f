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
from lib_t2p.ui.components import (
    button,
    choice_field,
    number_field,
    on_press,
    panel,
    radio_field,
    real_number,
    slider_field,
    text_field,
    tools,
)
from lib_t2p.ui.dataset.photo_states import Sides
from lib_t2p.ui.markup import badge, empty_state, message, section, table
from lib_t2p.ui.refresh import LivePart, Sender, live_part
from lib_t2p.ui.text import counted
from lib_t2p.ui.thumbs import preview_url
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
    with tools():
        preview = button("Preview edit", "t2p_captions_preview")
        apply = button("Edit captions", "t2p_captions_apply", "primary")
        undo = button("Undo last edit", "t2p_captions_undo")
    said = panel("t2p_captions_said")
    page = number_field("Page of captions", "t2p_captions_page", 1)
    listed = panel("t2p_captions_panel")
    picker = sides.context.picker
    inputs = [picker, page, *sides.options.inputs]
    part = live_part("captions", tab.refresh, inputs, [listed])
    part.also_on(picker.change, page.change)
    template, template_button, how, folder, threshold, describe = source
    kind, sought, by, photos = edit
    fields = [picker, kind, sought, by, photos]
    acts = (
        on_press(template_button, tab.set_template, [picker, template], [said]),
        on_press(describe, tab.describe, [picker, how, folder, threshold], [said]),
        on_press(apply, tab.apply, fields, [said]),
        on_press(undo, tab.undo, [picker], [said]),
    )
    on_press(preview, tab.preview, fields, [said])
    for acted in acts:
        g.bind(acted.then, part.handler, part.inputs, part.outputs, quiet=True)
    return part


def _source_fields(has_webui: bool) -> tuple[Any, ...]:
    with gr.Row():
        template = text_field(
            "Caption of every photo",
            "t2p_captions_template",
            value=captions.DEFAULT,
            info="{token} {class} {pose} {distance}; empty: the folder name alone, as the guide.",
            scale=3,
            min_width=240,
        )
        use = button("Use for all photos", "t2p_captions_use", size="lg", scale=1)
    with gr.Accordion("Describe by a model", open=False, elem_id="t2p_captions_models"):
        how = radio_field(
            "Describe with",
            "t2p_captions_how",
            [*DESCRIBERS, *(WEBUI if has_webui else ())],
            next(iter(DESCRIBERS)),
        )
        folder = text_field(
            "Folder of the model",
            "t2p_captions_folder",
            placeholder="a folder with model.onnx and selected_tags.csv, or with a BLIP model",
        )
        threshold = slider_field(
            "Minimum confidence of a tag", "t2p_captions_threshold", 0.35, (0.05, 0.95, 0.05)
        )
        describe = button("Describe photos", "t2p_captions_describe", size="lg")
    return template, use, how, folder, threshold, describe


def _edit_fields() -> tuple[Any, ...]:
    with gr.Row():
        kind = choice_field("Edit", "t2p_captions_kind", KINDS, value=next(iter(KINDS)))
        sought = text_field("Text or pattern", "t2p_captions_text")
        by = text_field("Replace by", "t2p_captions_by")
    photos = text_field(
        "Only these photos", "t2p_captions_only", placeholder="names by comma; empty: all"
    )
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

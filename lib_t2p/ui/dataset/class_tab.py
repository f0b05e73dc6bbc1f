"""The side Class images: regularisation by photos of others, or by painted pictures."""

from __future__ import annotations

from html import escape
from typing import Any

import gradio as gr

from lib_t2p import actions, class_images
from lib_t2p.actions import photos as photo_actions
from lib_t2p.errors import InputError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import (
    button,
    checkpoint_field,
    file_field,
    number_field,
    on_press,
    panel,
    text_field,
    whole_number,
)
from lib_t2p.ui.dataset.build_form import NO_CLASS
from lib_t2p.ui.dataset.photo_states import Sides
from lib_t2p.ui.markup import empty_state, message, section, table
from lib_t2p.ui.refresh import LivePart, Sender, live_part
from lib_t2p.workspace import taken

WHY = (
    "Pictures of other people of the class, shown as often as the person's own. In the guide they "
    "are the one setting that clearly raised likeness; there they were photos."
)


def class_tab(sides: Sides) -> LivePart:
    """Build the side."""
    tab = _ClassTab(sides)
    panel("t2p_class_why", f"<p class='t2p-facts'>{escape(WHY)}</p>")
    files, folder, take = _import_fields()
    with gr.Accordion("Paint them with a base checkpoint", open=False, elem_id="t2p_class_paint"):
        fields = _paint_fields(sides)
        paint = button("Paint class images", "t2p_class_start", size="lg")
    said = panel("t2p_class_said")
    sets = panel("t2p_class_sets")
    picker = sides.context.picker
    chosen = sides.options.parts["regularisation"]
    part = live_part("class", tab.refresh, [picker, chosen], [sets, chosen])
    part.also_on(picker.change)
    given = [files, folder]
    on_press(take, tab.take, [picker, *given], [said, *given])
    inputs = [picker, *fields, *sides.options.inputs]
    on_press(paint, tab.paint, inputs, [said])
    return part


def _import_fields() -> tuple[Any, Any, Any]:
    files = file_field("Photos of others", "t2p_class_upload", many=True, height=150)
    with gr.Row():
        folder = text_field(
            "Folder with photos of others",
            "t2p_class_folder",
            placeholder="or a folder or a zip: real photos of many people of the class",
            scale=3,
            min_width=240,
        )
        take = button("Import class photos", "t2p_class_import", size="lg", scale=1)
    return files, folder, take


def _paint_fields(sides: Sides) -> list[Any]:
    label = "Base checkpoint for class images"
    checkpoint = checkpoint_field(sides.context.host, label, "t2p_class_base")
    prompt = text_field(
        "Prompt of the class",
        "t2p_class_prompt",
        value=class_images.PROMPT,
        max_lines=20,
        info="{class_word} is the person's class; {a|b} and __wildcards__ vary the pictures.",
    )
    negative = text_field("Negative prompt of the class", "t2p_class_negative", max_lines=20)
    with gr.Row():
        count = text_field(
            "Number of class images", "t2p_class_count", placeholder="as many as the dataset needs"
        )
        steps = number_field("Steps of class images", "t2p_class_steps", 25)
        size = number_field("Size of class images (px)", "t2p_class_size", 512)
    return [checkpoint, prompt, negative, count, steps, size]


class _ClassTab:
    def __init__(self, sides: Sides) -> None:
        self.sides = sides

    def refresh(self, sender: Sender, name: str | None, chosen: str | None) -> list[Any]:
        """Updates of the list of sets, and of the field that chooses one for a build."""
        found = self.sides.context.person(name)
        if found is None:
            return [sender.html("sets", ""), g.unchanged()]
        person, _ = found
        sets = photo_actions.class_sets(person.workspace, person.slug)
        rows = [
            [escape(one.name), str(one.pictures), escape(one.source or "imported photos")]
            for one in sets
        ]
        shown = (
            section(
                "Sets",
                table(["Set", "Pictures", "Made of"], rows),
                "choose one under Crops on the left",
            )
            if rows
            else empty_state("No class images yet", "Import photos of others, or paint some.")
        )
        labels = [NO_CLASS, *(f"{one.name} ({one.pictures})" for one in sets)]
        kept = _same_set(chosen, labels)
        field = sender.send("choices", labels, choices=labels, value=kept)
        return [sender.html("sets", shown), field]

    def take(self, name: str | None, uploaded: Any, typed: str | None) -> tuple[Any, ...]:
        """Import real photos."""
        person, _ = self.sides.context.open_person(name)
        context, uploads = self.sides.context, g.uploaded_paths(uploaded)
        folders = [actions.allowed_path(context.host, typed)] if typed and typed.strip() else []
        if not uploads and not folders:
            raise InputError("No photos of others given: drop some in the box or type a folder.")
        workspace = person.workspace
        kept = (g.upload_cache(), g.upload_copies(uploaded))
        with context.submitting, taken(workspace, uploads, *kept) as photos:
            photo_actions.submit_class_photos(workspace, person.slug, [*photos, *folders])
        told = "Importing. Photos that show the person are found and left out at the build."
        return message(told, "good"), g.changed(value=None), ""

    def paint(
        self,
        name: str | None,
        checkpoint: str | None,
        prompt: str | None,
        negative: str | None,
        count: str | None,
        steps: Any,
        size: Any,
        *values: Any,
    ) -> tuple[Any, ...]:
        """Paint a set."""
        context = self.sides.context
        person, _ = context.open_person(name)
        options = self.sides.options.read(values)
        typed = (count or "").strip()
        wanted = (
            whole_number(typed, "Number of class images")
            if typed
            else photo_actions.wanted_class_pictures(person.workspace, person.slug, options)
        )
        if not wanted:
            raise InputError("How many? Type a number, or look at the photos first.")
        base = str(actions.checkpoint_path(context.host, checkpoint))
        side = whole_number(size, "Size of class images")
        plan = class_images.ClassPlan(
            checkpoint=base,
            prompt=prompt or "",
            negative_prompt=negative or "",
            count=wanted,
            steps=whole_number(steps, "Steps of class images"),
            width=side,
            height=side,
        )
        with context.submitting:
            photo_actions.submit_class_images(person.workspace, person.slug, plan)
        return (message(f"Painting {wanted} class images.", "good"),)


def _same_set(chosen: str | None, labels: list[str]) -> str:
    """The set that was chosen, whose number of pictures may have changed."""
    name = (chosen or NO_CLASS).split(" (")[0]
    return next((label for label in labels if label.split(" (")[0] == name), NO_CLASS)

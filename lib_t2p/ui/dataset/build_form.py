"""The form that builds the next version of a dataset: its fields, and reading them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from lib_t2p import actions, dataset, jobs
from lib_t2p.actions import grids as grid_actions
from lib_t2p.errors import InputError
from lib_t2p.ui.components import (
    choice_field,
    facts,
    main_button,
    number_field,
    on_press,
    panel,
    radio_field,
    real_number,
    slider_field,
    text_field,
    whole_number,
)
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import message
from lib_t2p.workspace import PersonFolder

FRAMINGS = {"Head and shoulders": "bust", "Face only": "face", "Whole photo": "whole"}
SHAPES = {"Square": "square", "Buckets (keep the shape)": "buckets"}
SMALL = {"Leave out": "leave_out", "Keep in a smaller bucket": "smaller", "Enlarge": "enlarge"}
OTHERS = {"Avoid, else leave out": "avoid", "Blur them": "blur", "Fill with grey": "fill"}
NO_CLASS = "None"
LANCZOS = "Lanczos (our own)"
WORDS = {"framing": FRAMINGS, "shape": SHAPES, "small_photos": SMALL, "others": OTHERS}
SIDES = ["512", "768", "1024", "1280"]


@dataclass(frozen=True)
class OptionFields:
    """Components by the name of their option.

    Attributes:
        parts: option name -> component.
    """

    parts: dict[str, Any]

    @property
    def inputs(self) -> list[Any]:
        """All components, in a fixed order."""
        return list(self.parts.values())

    def read(self, values: Sequence[Any]) -> dataset.DatasetOptions:
        """The options as they are filled in; `values` in the order of `inputs`.

        Raises:
            InputError: a field is empty or no number.
            FaultsError: values out of range, all at once.
        """
        named = dict(zip(self.parts, values, strict=True))
        return dataset.DatasetOptions.from_mapping(
            {n: _read(n, value) for n, value in named.items()}
        )


def option_fields(upscalers: Sequence[str] = ()) -> OptionFields:
    """Build the form's fields; `upscalers` are the host's."""
    parts = _main_fields()
    with gr.Accordion("Crops", open=False, elem_id="t2p_build_crops"):
        parts |= _crop_fields(upscalers)
    with gr.Accordion("Quality limits", open=False, elem_id="t2p_build_limits"):
        parts |= _limit_fields()
    return OptionFields(parts)


def _main_fields() -> dict[str, Any]:
    parts: dict[str, Any] = {"framing": _radio("framing", "Framing")}
    with gr.Row():
        parts["resolution"] = choice_field(
            "Size of the crops (px)",
            "t2p_build_resolution",
            SIDES,
            value=str(dataset.DatasetOptions().resolution),
            allow_custom_value=True,
            min_width=120,
        )
        parts["repeats"] = _number("repeats", "Repeats of each photo")
    with gr.Row():
        parts["wanted"] = _count("wanted", "Maximum number of photos", "all good photos")
        parts["held_out"] = _count("held_out", "Held out for scoring", "a tenth, at least 2")
    return parts


def _crop_fields(upscalers: Sequence[str]) -> dict[str, Any]:
    parts: dict[str, Any] = {"shape": _radio("shape", "Shape")}
    facts(
        "t2p_build_further",
        "Further crops of each photo, with repeats of their own; 0 makes none.",
    )
    with gr.Row():
        for name, label in (
            ("face_repeats", "Face"),
            ("bust_repeats", "Head and shoulders"),
            ("whole_repeats", "Whole photo"),
        ):
            parts[name] = _number(name, f"{label}: repeats")
    parts["small_photos"] = _radio("small_photos", "Photos that are too small")
    parts["upscaler"] = choice_field(
        "Enlarge with",
        "t2p_build_upscaler",
        [LANCZOS, *upscalers],
        value=LANCZOS,
        visible=bool(upscalers),
    )
    parts["others"] = _radio("others", "Other people in the photo")
    parts["regularisation"] = choice_field(
        "Regularisation images",
        "t2p_build_regularisation",
        [NO_CLASS],
        value=NO_CLASS,
        allow_custom_value=True,
    )
    return parts


def _limit_fields() -> dict[str, Any]:
    rows = (
        ("least_face", "Smallest face (px)", 16, 512, 4),
        ("least_sharpness", "Minimum sharpness", 0, 60, 0.5),
        ("least_light", "Darkest face (0 to 255)", 0, 128, 1),
        ("most_light", "Brightest face (0 to 255)", 128, 255, 1),
        ("least_contrast", "Minimum contrast", 0, 128, 1),
        ("most_cut", "Face cut off at most (share)", 0, 1, 0.01),
        ("most_enlarging", "Maximum enlargement (times)", 1, 8, 0.1),
        ("same_person", "Same person up to distance", 0.3, 0.9, 0.01),
    )
    return {
        name: slider_field(label, f"t2p_build_{name}", _default(name), (least, most, step))
        for name, label, least, most, step in rows
    }


def _radio(name: str, label: str) -> gr.Radio:
    words = {value: word for word, value in WORDS[name].items()}
    return radio_field(label, f"t2p_build_{name}", WORDS[name], words[_default(name)])


def _number(name: str, label: str) -> gr.Number:
    return number_field(label, f"t2p_build_{name}", _default(name), min_width=100)


def _count(name: str, label: str, empty: str) -> gr.Textbox:
    # A number field would show nothing as 0, which means something else.
    return text_field(label, f"t2p_build_{name}", placeholder=empty, min_width=100)


def _default(name: str) -> Any:
    return getattr(dataset.DatasetOptions(), name)


def _read(name: str, value: Any) -> Any:
    if name in WORDS:
        return WORDS[name].get(str(value), value)
    if name == "upscaler":
        return "" if value in (None, LANCZOS) else str(value)
    if name == "regularisation":
        return "" if value in (None, "", NO_CLASS) else str(value).split(" (")[0]
    kind = next(str(known.type) for known in fields(dataset.DatasetOptions) if known.name == name)
    label = name.replace("_", " ").capitalize()
    if "None" in kind and str(value or "").strip() == "":
        return None
    if kind.startswith("int"):
        return whole_number(value, "Size of the crops" if name == "resolution" else label)
    if value is None:
        raise InputError(f"{label} is empty: move the slider.")
    return real_number(value, label)


BEFORE = ("dataset.import", "dataset.inspect", "dataset.caption", "dataset.class_photos")
"""Jobs that a build waits for."""


def build_form(context: TabContext) -> OptionFields:
    """Build the form; gives its fields, which the gallery reads too."""
    panel("t2p_build_title", "<h3>2. Dataset</h3>")
    host = context.host
    options = option_fields(host.upscalers() if isinstance(host, actions.HelpingHost) else ())
    start = main_button("Build dataset", "t2p_build_start")
    said = panel("t2p_build_message")

    def begin(name: str | None, *values: Any) -> tuple[Any, ...]:
        person, _ = context.open_person(name)
        chosen = options.read(values)
        with context.submitting:
            before = context.active(person, BEFORE)
            _need_photos(person, before)
            grid_actions.submit_dataset(
                context.host.workspace, person.slug, chosen, needs=[j.id for j in before]
            )
        return (message("Building: the version will appear under Versions.", "good"),)

    on_press(start, begin, [context.picker, *options.inputs], [said])
    return options


def _need_photos(person: PersonFolder, before: list[jobs.Job]) -> None:
    has_photos = person.photos.is_dir() and any(person.photos.iterdir())
    if not has_photos and not before:
        raise InputError(f"{person.slug} has no photos yet: import some first.")

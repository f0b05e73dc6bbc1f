"""Form fields made from the table of training options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from lib_t2p.training.options.option import Option
from lib_t2p.training.settings import option_table
from lib_t2p.ui import gradio_versions as g


@dataclass(frozen=True)
class OptionField:
    """One option with its field."""

    option: Option
    component: Any


def simple_options() -> list[Option]:
    """The options that a form shows at first, in the order of the table."""
    return [option for option in option_table() if option.level == "simple"]


def option_fields(values: Mapping[str, Any]) -> list[OptionField]:
    """Build a field for every simple option, headed by its group, filled with a recipe's values."""
    fields: list[OptionField] = []
    groups = dict.fromkeys(option.group for option in simple_options())
    for group in groups:
        with gr.Group(), gr.Row():
            fields += [_field(o, values) for o in simple_options() if o.group == group]
    return fields


def shown_value(option: Option, values: Mapping[str, Any]) -> Any:
    """What the field of an option shows for a recipe: a tick, or text."""
    value = values.get(option.name, option.default)
    if isinstance(value, bool):
        return value
    if isinstance(value, (list, tuple)):
        return " ".join(str(part) for part in value)
    return "" if value is None else str(value)


def overrides_from(
    options: Sequence[Option], typed: Sequence[Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """The settings that were changed in the form.

    Args:
        options: in the order of the fields.
        typed: what the fields hold.
        values: the recipe's.
    """
    changed: dict[str, Any] = {}
    for option, value in zip(options, typed, strict=True):
        entered = value.strip() if isinstance(value, str) else value
        entered = "" if entered is None else entered
        if entered != shown_value(option, values):
            changed[option.name] = None if entered == "" and "None" in option.kind else entered
    return changed


def _field(option: Option, values: Mapping[str, Any]) -> OptionField:
    unit = f" ({option.unit})" if option.unit else ""
    common: dict[str, Any] = {
        "value": shown_value(option, values),
        "label": f"{option.label}{unit}",
        "elem_id": f"t2p_train_{option.name}",
        "info": option.help,
        "min_width": 150,
    }
    if option.kind == "bool":
        return OptionField(option, g.private(gr.Checkbox(**common)))
    if option.choices:
        return OptionField(option, g.private(gr.Dropdown(choices=list(option.choices), **common)))
    most = 6 if option.kind.startswith("str") else 1
    return OptionField(option, g.private(gr.Textbox(lines=1, max_lines=most, **common)))

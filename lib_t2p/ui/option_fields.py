"""Form fields made from the table of training options."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from lib_t2p.settings.options import Option, option_table
from lib_t2p.ui import gradio_versions as g


@dataclass(frozen=True)
class OptionField:
    """One option with its field."""

    option: Option
    component: Any


@dataclass(frozen=True)
class TrainFields:
    """The fields of a form.

    Attributes:
        simple: shown at first.
        expert: all others, group by group.
        groups: heading -> the accordion that holds its expert fields.
    """

    simple: tuple[OptionField, ...]
    expert: tuple[OptionField, ...]
    groups: Mapping[str, Any]

    @property
    def options(self) -> list[Option]:
        """In the order of `components`."""
        return [field.option for field in (*self.simple, *self.expert)]

    @property
    def components(self) -> list[Any]:
        """Simple ones first."""
        return [field.component for field in (*self.simple, *self.expert)]


def simple_options() -> list[Option]:
    """The options that a form shows at first, in the order of the table."""
    return [option for option in option_table() if option.level == "simple"]


def simple_fields(values: Mapping[str, Any]) -> tuple[OptionField, ...]:
    """Build a field for every simple option, by group, filled with a recipe's values."""
    fields: list[OptionField] = []
    for group in dict.fromkeys(option.group for option in simple_options()):
        with gr.Group(elem_id=group_id(group, "simple")), gr.Row():
            fields += [_field(o, values) for o in simple_options() if o.group == group]
    return tuple(fields)


def expert_fields(
    values: Mapping[str, Any],
) -> tuple[tuple[OptionField, ...], dict[str, Any]]:
    """Build a field for every other option in an accordion per group; gives both."""
    fields: list[OptionField] = []
    groups: dict[str, Any] = {}
    others = [option for option in option_table() if option.level != "simple"]
    for group in dict.fromkeys(option.group for option in others):
        elem_id = group_id(group, "expert")
        with gr.Accordion(group, open=False, elem_id=elem_id) as accordion, gr.Row():
            fields += [_field(o, values) for o in others if o.group == group]
        groups[group] = accordion
    return tuple(fields), groups


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


def field_id(option: Option) -> str:
    """Element id of the field of an option."""
    return f"t2p_train_{option.name}"


def label_text(option: Option) -> str:
    """The label of the field of an option, with its unit."""
    return f"{option.label} ({option.unit})" if option.unit else option.label


def _field(option: Option, values: Mapping[str, Any]) -> OptionField:
    common: dict[str, Any] = {
        "value": shown_value(option, values),
        "label": label_text(option),
        "elem_id": field_id(option),
        "info": help_text(option),
        "min_width": 150,
    }
    if option.kind == "bool":
        return OptionField(option, g.private(gr.Checkbox(**common)))
    if option.choices:
        # An imported file may name code that is not listed; it is refused unless it is trusted.
        listed = gr.Dropdown(
            choices=_choices(option), allow_custom_value=bool(option.trust), **common
        )
        return OptionField(option, g.private(listed))
    most = 6 if option.kind.startswith("str") else 1
    return OptionField(option, g.private(gr.Textbox(lines=1, max_lines=most, **common)))


def _choices(option: Option) -> list[str]:
    default = shown_value(option, {})
    return list(option.choices) if default in option.choices else [default, *option.choices]


def group_id(group: str, level: str) -> str:
    """Element id of what holds the fields of a group that are shown at a level."""
    return f"t2p_train_{level}_{group.split(maxsplit=1)[0].lower()}"


def help_text(option: Option) -> str:
    """The help, sd-scripts' name under which guides mention it, and the range."""
    facts = [option.name]
    if option.minimum is not None and option.maximum is not None and not option.choices:
        facts.append(f"{_plain(option.minimum)} to {_plain(option.maximum)}")
    return f"{option.help} [{', '.join(facts)}]"


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else f"{number:g}"


_MARK = "box-shadow: inset 4px 0 0 var(--t2p-second); "
_WORD = 'content: " (changed)"; color: var(--t2p-second); font-weight: 600;'


def field_style(
    options: Sequence[Option], hidden: Collection[str], changed: Collection[str]
) -> str:
    """A `<style>` for the form; a group without a shown field is hidden with them.

    Args:
        options: of the fields.
        hidden: names of those that are not shown.
        changed: names of those that differ from the recipe; they are marked, in words too.
    """
    gone = [f"#t2p_root #{field_id(o)}" for o in options if o.name in hidden]
    gone += [f"#t2p_root #{group}" for group in _empty_groups(options, hidden)]
    marked = [f"#t2p_root #{field_id(o)}" for o in options if o.name in changed]
    rules = []
    if gone:
        rules.append(f"{','.join(gone)} {{ display: none !important; }}")
    if marked:
        labels = [f"{field} {label}::after" for field in marked for label in _LABELS]
        rules.append(f"{','.join(marked)} {{ {_MARK} }}")
        rules.append(f"{','.join(labels)} {{ {_WORD} }}")
    return f"<style>{' '.join(rules)}</style>"


def _empty_groups(options: Sequence[Option], hidden: Collection[str]) -> list[str]:
    seen: dict[str, bool] = {}
    for option in options:
        group = group_id(option.group, option.level)
        seen[group] = seen.get(group, False) or option.name not in hidden
    return [group for group, is_seen in seen.items() if not is_seen]


_LABELS = ('[data-testid="block-info"]', 'label > input[type="checkbox"] + span')
"""Where gradio 3 and 4 write the label of a box, and of a tick."""


def unknown_names(
    options: Sequence[Option], trainer: str, family: str, changed: Collection[str]
) -> set[str]:
    """Options that a trainer does not have; one that was changed stays, to be put back."""
    return {o.name for o in options if not o.known_to(trainer, family) and o.name not in changed}


def unfound_names(options: Sequence[Option], search: str) -> set[str]:
    """Options in whose name, label and help not all words of a search stand."""
    words = search.lower().split()
    texts = {o.name: f"{o.name} {o.label} {o.help} {o.gui_key}".lower() for o in options}
    return {name for name, told in texts.items() if not all(word in told for word in words)}

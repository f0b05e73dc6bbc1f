"""What is known of one training option: the one table that form, TOML, checks and docs read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

T = TypeVar("T")
Level = Literal["simple", "expert"]


@dataclass(frozen=True)
class Option:
    """One option of a training.

    Attributes:
        name: sd-scripts' own name, which is its command-line flag too.
        label: for a form.
        default: sd-scripts' default, unless the help says otherwise.
        kind: the type as written, such as `int | None`.
        unit: of the number, such as `px`; empty when it has none.
        minimum: smallest number allowed.
        maximum: largest number allowed.
        choices: all texts allowed; empty when any is.
        help: one or two sentences.
        group: heading under which a form shows it.
        level: `simple` options are shown at first.
    """

    name: str
    label: str
    default: Any
    kind: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    help: str = ""
    group: str = ""
    level: Level = "expert"


def option(
    default: T,
    label: str,
    text: str,
    *,
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
    level: Level = "expert",
) -> T:
    """Make a dataclass field that carries its `Option`; name, kind and group are the class's."""
    about = {
        "label": label,
        "help": text,
        "unit": unit,
        "minimum": minimum,
        "maximum": maximum,
        "choices": choices,
        "level": level,
    }
    return field(default=default, metadata={"option": about})

"""What a sweep varies: named lists of values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PureWindowsPath
from typing import Any

_MEMBER = re.compile(r"(optimizer_args|network_args|lr_scheduler_args)\.([A-Za-z_]\w*)")
_LABEL = re.compile(r"[^\"'\[\]\\\n\r]{1,80}")


@dataclass(frozen=True)
class Choice:
    """One value of an axis.

    Attributes:
        label: how it is called, such as `64`; unique within its axis.
        changes: what it changes: settings by name, a member of a list of arguments such as
            `optimizer_args.growth_rate` (an empty value leaves it out), or one of
            `points.PLACES`.
    """

    label: str
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class SweepAxis:
    """One thing that differs between runs.

    Attributes:
        name: an option, a member, a place, or a word of its own when its choices change several.
        choices: in the order in which they are shown.
    """

    name: str
    choices: tuple[Choice, ...]

    @property
    def short_name(self) -> str:
        """What stands before `=` in the name of a run: a member without its list."""
        return self.name.rpartition(".")[2]


def axis_of(name: str, values: Sequence[Any]) -> SweepAxis:
    """An axis over one option, member or place; values that are there twice count once."""
    kept = [value for n, value in enumerate(values) if value not in values[:n]]
    labels = [label_of(name, value) for value in kept]
    if max(Counter(labels).values(), default=0) > 1:
        labels = [_text(value) for value in kept]
    pairs = zip(labels, kept, strict=True)
    return SweepAxis(name, tuple(Choice(label, {name: value}) for label, value in pairs))


def label_of(name: str, value: Any) -> str:
    """How a value is called: a path by its last part without the suffix, nothing as `none`."""
    if name == "checkpoint" or (name.endswith("_dir") and value):
        path = PureWindowsPath(str(value))
        return path.stem if path.suffix in (".safetensors", ".ckpt") else path.name
    return _text(value)


def member_of(name: str) -> tuple[str, str] | None:
    """The option and the argument of a member such as `optimizer_args.growth_rate`."""
    found = _MEMBER.fullmatch(name)
    return (found[1], found[2]) if found else None


def axis_faults(axis: SweepAxis) -> list[str]:
    """What is wrong with the names of an axis and its choices, one sentence each."""
    if not axis.choices:
        return [f"{axis.name} has no values: give one at least"]
    bad = [c.label for c in axis.choices if not _LABEL.fullmatch(c.label)]
    return [
        f"{axis.name}: {label[:60]!r} cannot be the name of a value (no quotes, brackets or "
        "line ends, up to 80 characters)"
        for label in bad
    ]


def _text(value: Any) -> str:
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, (list, tuple)):
        return " ".join(str(part) for part in value)
    return str(value).strip()

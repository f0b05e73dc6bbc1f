"""What is known of one training option: the one table that form, TOML, checks and docs read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

T = TypeVar("T")
Level = Literal["simple", "expert"]
Role = Literal["setting", "run"]
Trust = Literal["", "code", "weights"]

BUILTIN = "builtin"
SD_SCRIPTS = ("sd-scripts-v0.8.7", "sd-scripts-v0.9.1", "sd-scripts-v0.10.1")
"""Keys of the trainers that are pinned tags of sd-scripts, oldest first."""
OLDEST, MIDDLE, NEWEST = SD_SCRIPTS

FAMILIES = ("sd15", "sdxl")
SAME: Any = object()
"""Stands for: as the option's own name, or its own default."""


@dataclass(frozen=True)
class Option:
    """One option of a training.

    Attributes:
        name: sd-scripts' own name, which is its command-line flag too.
        label: for a form; unique in the table.
        default: what holds when nothing is given.
        original: sd-scripts' default, which `default` equals but for a few that are told in help.
        kind: the type as written, such as `int | None`.
        unit: of the number, such as `px`; empty when it has none.
        minimum: smallest number allowed.
        maximum: largest number allowed.
        choices: all texts allowed (of a number: as text); empty when any is.
        help: one or two sentences.
        group: heading under which a form shows it.
        level: `simple` options are shown at first.
        trainers: keys of the trainers that know it.
        families: `sd15` when train_network.py has it, `sdxl` when sdxl_train_network.py has it.
        gui_key: key of kohya_ss's GUI that carries it; empty when none does.
        role: `run` when the run itself decides it, so that no form shows it.
        trust: what a value could run of somebody else's without being trusted: `code` outside
            `choices`, `weights` in a pickled file.
        path: it may name a file or folder.
        choices_of: where a trainer's choices differ: its key -> its choices.
        kind_of: where a trainer's type differs: its key -> its type.
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
    original: Any = None
    trainers: frozenset[str] = frozenset(SD_SCRIPTS)
    families: frozenset[str] = frozenset(FAMILIES)
    gui_key: str = ""
    role: Role = "setting"
    trust: Trust = ""
    path: bool = False
    choices_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    kind_of: Mapping[str, str] = field(default_factory=dict, hash=False)

    def known_to(self, trainer: str, family: str) -> bool:
        """Whether a trainer has it for a family."""
        return trainer in self.trainers and family in self.families

    def choices_for(self, trainer: str) -> tuple[str, ...]:
        """Its choices in a trainer."""
        return tuple(self.choices_of.get(trainer, self.choices))

    def kind_for(self, trainer: str) -> str:
        """Its type in a trainer."""
        return self.kind_of.get(trainer, self.kind)


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
    original: Any = SAME,
    builtin: bool = False,
    since: str = OLDEST,
    families: Sequence[str] = FAMILIES,
    gui: Any = SAME,
    trust: Trust = "",
    path: bool = False,
    choices_of: Mapping[str, tuple[str, ...]] | None = None,
    kind_of: Mapping[str, str] | None = None,
) -> T:
    """Make a dataclass field that carries its `Option`; name, kind and group are the class's.

    Args:
        builtin: the built-in trainer knows it too.
        since: the first tag of sd-scripts that has it; no option left again.
        gui: kohya_ss's key, when it is not the option's name; empty when there is none.
    """
    tags = SD_SCRIPTS[SD_SCRIPTS.index(since) :]
    about = {
        "label": label,
        "help": text,
        "unit": unit,
        "minimum": minimum,
        "maximum": maximum,
        "choices": choices,
        "level": level,
        "original": default if original is SAME else original,
        "trainers": frozenset((BUILTIN, *tags) if builtin else tags),
        "families": frozenset(families),
        "gui_key": gui,
        "trust": trust,
        "path": path,
        "choices_of": choices_of or {},
        "kind_of": kind_of or {},
    }
    return field(default=default, metadata={"option": about})

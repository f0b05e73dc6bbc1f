"""What the form holds when a button is pressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lib_t2p import actions, diffusion, settings
from lib_t2p.errors import CheckpointError, InputError
from lib_t2p.ranges import whole_number
from lib_t2p.settings.options import Option
from lib_t2p.ui import text
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.option_fields import overrides_from
from lib_t2p.workspace import PersonFolder, Workspace


@dataclass(frozen=True)
class Filled:
    """The values of the form's components, unchecked.

    Attributes:
        who: name of the person at the top.
        version: such as `Version 2`; empty takes the newest dataset.
        base: title or path of the base checkpoint.
        recipe: its name.
        trainer: key of the registry.
        trusted: whether the person trusts code that is not listed.
        name: of the run.
        typed: what the option fields hold, in the order of `options`.
        options: of the fields.
    """

    who: str | None
    version: str | None
    base: str | None
    recipe: str
    trainer: str
    trusted: bool
    name: str
    typed: tuple[Any, ...]
    options: tuple[Option, ...]

    @classmethod
    def of(cls, values: Sequence[Any], options: Sequence[Option]) -> Filled:
        """Take the values in the order of `TrainForm.inputs`."""
        who, version, base, recipe, trainer, trusted, name, *typed = values
        return cls(
            who,
            version,
            base,
            str(recipe or ""),
            str(trainer or "builtin"),
            trusted is True,
            str(name or "").strip(),
            tuple(typed),
            tuple(options),
        )

    def known_recipe(self, workspace: Workspace) -> settings.Recipe:
        """The chosen recipe; raises `InputError` when it is gone."""
        return settings.load_recipe(self.recipe, settings.recipe_folders(workspace))

    def overrides(self, workspace: Workspace) -> dict[str, Any]:
        """The settings that differ from the recipe."""
        return overrides_from(self.options, self.typed, self.known_recipe(workspace).values)

    def values(self, workspace: Workspace) -> dict[str, Any]:
        """Recipe and changes, unchecked."""
        return {**self.known_recipe(workspace).values, **self.overrides(workspace)}

    def dataset(self, person: PersonFolder) -> int:
        """The chosen version; raises `InputError` when there is none at all."""
        if not person.datasets():
            raise InputError(text.RUN_NEEDS_DATASET)
        number = str(self.version or "").split()[-1:]
        known = [version.number for version in person.datasets()]
        chosen = whole_number(number[0]) if number else None
        return chosen if chosen is not None and chosen in known else known[-1]

    def checkpoint(self, context: TabContext) -> Path:
        """The base checkpoint; raises `InputError`."""
        return actions.checkpoint_path(context.host, self.base)


def family_of(host: actions.Host, base: str | None) -> diffusion.Family | None:
    """The family of what is chosen; None when that cannot be told."""
    try:
        path = actions.checkpoint_path(host, base)
        return _recognised(path, path.stat().st_mtime_ns)
    except (InputError, CheckpointError, OSError):
        return None


@lru_cache(maxsize=64)
def _recognised(path: Path, _: int) -> diffusion.Family:
    return diffusion.recognise(path)

"""How pictures that are compared with each other are painted, the same for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, fields
from typing import Any

from lib_t2p.errors import WorkspaceError
from lib_t2p.painting.picture_settings import PictureSettings

PROMPTS = ("photo of {trigger} {class_word}", "portrait photo of {trigger} {class_word}, smiling")
"""Plain, so that the likeness is not hidden by a style."""
SEEDS = tuple(range(11, 19))
"""A difference needs faces on 6 seeds at least, and now and then a picture shows none."""


@dataclass(frozen=True)
class ComparedPictures(PictureSettings):
    """Prompts, seeds and sampling of a grid.

    Attributes:
        prompts: with `{trigger}` and `{class_word}`.
        seeds: 0 to 2**32 - 1; each prompt is painted with each.
        lora_weight: of all pictures that do not vary it.
    """

    prompts: tuple[str, ...] = PROMPTS
    seeds: tuple[int, ...] = SEEDS
    _: KW_ONLY
    steps: int = 25
    lora_weight: float = 1.0

    @property
    def pictures(self) -> int:
        """Of one saved model at one weight."""
        return len(self.prompts) * len(self.seeds)


def compared_faults(look: ComparedPictures) -> list[str]:
    """What keeps anything from being painted so; a grid's own checks find the rest."""
    faults = [] if look.prompts else ["there is no prompt: give at least one"]
    if not look.seeds:
        faults.append("there is no seed: give at least one")
    if look.prompts and not any("{trigger}" in prompt for prompt in look.prompts):
        faults.append("no prompt names the person: write {trigger} where the trigger stands")
    return faults


def compared_from(table: Mapping[str, Any]) -> ComparedPictures:
    """Read what `dataclasses.asdict` made of a look; raises `WorkspaceError` when it is damaged."""
    names = {f.name for f in fields(ComparedPictures)}
    if unknown := sorted(set(table) - names):
        raise WorkspaceError(f"The way of painting has unknown keys: {', '.join(unknown)}.")
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
    return ComparedPictures(**values)

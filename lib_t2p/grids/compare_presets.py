"""Ready axes and prompts: the guide's comparisons, each one press.

Ranges are those of the pages "LoRA weight", "trigger weight", "CFG scale", "denoising strength",
"clip skip", "sampler", "seeds" and "checkpoints" of the guide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lib_t2p.errors import InputError
from lib_t2p.grids.axes.axes import AxisKind
from lib_t2p.toml_io import read_toml

ALL = "*"
"""Stands for all that the host has of a kind."""
PROMPTS = Path(__file__).resolve().parents[2] / "presets" / "compare" / "prompts.toml"
_PLAIN = "0.9"
"""LoRA weight of the guide's comparisons, where it does not vary."""


@dataclass(frozen=True)
class ReadyAxes:
    """What the fields of the form are set to.

    Attributes:
        name: in a shell.
        title: in a list.
        x: kind and typed values of the columns.
        y: kind and typed values of the rows.
        weights: LoRA weights, as typed.
        seeds: as typed; the form's own stay when empty.
    """

    name: str
    title: str
    x: tuple[AxisKind, str]
    y: tuple[AxisKind, str] = ("saved_model", "")
    weights: str = _PLAIN
    seeds: str = ""


READY: tuple[ReadyAxes, ...] = (
    ReadyAxes("epochs", "Epoch progression", ("saved_model", ""), ("lora_weight", "")),
    ReadyAxes("weights", "LoRA weight 0 to 1.5", ("lora_weight", ""), weights="0-1.5 (+0.25)"),
    ReadyAxes("trigger", "Trigger weight 0 to 2", ("trigger_weight", "0-2 (+0.2)")),
    ReadyAxes("cfg", "CFG scale 1 to 15", ("cfg", "1-15 (+1)")),
    ReadyAxes("denoising", "Denoising strength 0 to 1", ("denoising", "0-1 (+0.1)")),
    ReadyAxes("clip-skip", "Clip skip 1 to 12", ("clip_skip", "1-12")),
    ReadyAxes("samplers", "All samplers", ("sampler", ALL)),
    ReadyAxes("seeds", "Seeds x saved models", ("seed", ""), seeds="1-8"),
    ReadyAxes("checkpoints", "All checkpoints", ("checkpoint", ALL)),
)


def ready_axes(name: str, known: Mapping[str, Sequence[str]]) -> ReadyAxes:
    """Find ready axes by name or title.

    Args:
        name: of one of `READY`.
        known: kind of axis -> all names of the host, which take the place of `ALL`.

    Raises:
        InputError: there are none of that name.
    """
    found = next((ready for ready in READY if name in (ready.name, ready.title)), None)
    if found is None:
        names = ", ".join(ready.name for ready in READY)
        raise InputError(f"There are no ready axes {name!r}: choose one of {names}.")
    kind, values = found.x
    if values == ALL:
        quoted = ", ".join(f'"{value}"' for value in known.get(kind, ()))
        return replace(found, x=(kind, quoted))
    return found


def ready_prompts() -> dict[str, tuple[str, ...]]:
    """The prompts by the title of their set: simple, complex, random."""
    table = read_toml(PROMPTS)
    return {str(entry["title"]): tuple(entry["prompts"]) for entry in table["sets"].values()}

"""The one table of what a picture is painted with: forms, API, shell, TOML and axes read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any

from lib_t2p.ranges import number_text, within


@dataclass(frozen=True)
class PictureField:
    """One setting of a picture.

    Attributes:
        name: in a request, in TOML and in the API.
        label: in a form.
        default: what holds when nothing is given; None where something must be.
        kind: type as written, `int`, `float` or `str`.
        unit: of the number, such as `px`; empty when it has none.
        minimum: smallest number allowed; None for texts.
        maximum: largest number allowed; None for texts.
        multiple: the number is a multiple of it.
        about: what it is, in a few words.
        words: what a sentence calls it, such as `number of steps`.
        short: stands before a value beside a column or row of a grid; empty for nothing.
        infotext: the WebUI's name of it below a picture; empty when it has none of its own.
        flag: in the shell, without the dashes; empty when the shell has none of its own.
    """

    name: str
    label: str
    default: Any
    kind: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    multiple: int = 1
    about: str = ""
    words: str = ""
    short: str = ""
    infotext: str = ""
    flag: str = ""

    @property
    def help(self) -> str:
        """What it is and its range, such as `guidance, 1 to 30`."""
        if self.minimum is None or self.maximum is None:
            return self.about
        steps = f", a multiple of {self.multiple}" if self.multiple > 1 else ""
        said = f"{self.minimum:.10g} to {self.maximum:.10g}{f' {self.unit}' if self.unit else ''}"
        return f"{self.about}, {said}{steps}" if self.about else f"{said}{steps}"

    def faults(self, value: Any, name: str = "") -> list[str]:
        """What is wrong with a value, a sentence each; texts are never wrong here.

        Args:
            value: to be looked at.
            name: stands for the field in the sentence; its own name when empty.
        """
        if self.minimum is None or self.maximum is None:
            return []
        name = name or self.name
        if not within(value, self.minimum, self.maximum):
            low, high = f"{self.minimum:.10g}", f"{self.maximum:.10g}"
            return [f"{name} is {number_text(value)}: it goes from {low} to {high}"]
        if value % self.multiple and self.multiple > 1:
            return [f"{name} is {value:g}: it must be a multiple of {self.multiple}"]
        return []


def picture_field(default: Any, label: str, about: str = "", **known: Any) -> Any:
    """Make a dataclass field that carries its `PictureField`; name and kind are the class's.

    Args:
        default: what holds when nothing is given.
        label: as of `PictureField`, like all others.
    """
    return field(default=default, metadata={"picture": {"label": label, "about": about, **known}})


@dataclass(frozen=True, kw_only=True)
class PictureSettings:
    """What a picture is painted with besides its prompt, seed and checkpoint.

    Attributes:
        negative_prompt: in A1111 syntax, as the prompt.
        steps: sampling steps, 1 to 150.
        sampler_name: a WebUI sampler, schedule included, such as `DPM++ 2M Karras`.
        cfg_scale: guidance, 1.0 to 30.0.
        width: pixels, 64 to 2048, a multiple of 8.
        height: pixels, as `width`.
        clip_skip: 1 uses the last text-encoder layer, 2 the one before; 1 to 12.
        vae: file name of a VAE, `None` for the checkpoint's own; empty leaves the painter's choice.
    """

    negative_prompt: str = picture_field("", "Negative prompt", flag="negative")
    steps: int = picture_field(
        20,
        "Sampling steps",
        minimum=1,
        maximum=150,
        words="number of steps",
        short="steps",
        infotext="Steps",
        flag="steps",
    )
    sampler_name: str = picture_field(
        "DPM++ 2M Karras",
        "Sampler",
        "of the WebUI, its schedule included",
        words="sampler",
        infotext="Sampler",
        flag="sampler",
    )
    cfg_scale: float = picture_field(
        7.0,
        "CFG scale",
        "guidance",
        minimum=1.0,
        maximum=30.0,
        words="CFG scale",
        short="CFG",
        infotext="CFG scale",
        flag="cfg",
    )
    width: int = picture_field(512, "Width", unit="px", minimum=64, maximum=2048, multiple=8)
    height: int = picture_field(512, "Height", unit="px", minimum=64, maximum=2048, multiple=8)
    clip_skip: int = picture_field(
        1,
        "Clip skip",
        minimum=1,
        maximum=12,
        words="clip skip",
        short="clip skip",
        infotext="Clip skip",
        flag="clip-skip",
    )
    vae: str = picture_field(
        "",
        "VAE",
        "file name, or None for the checkpoint's own",
        words="VAE",
        short="VAE",
        infotext="VAE",
        flag="vae",
    )


@lru_cache(maxsize=8)
def fields_of(owner: type) -> dict[str, PictureField]:
    """The rows of a class whose fields were made by `picture_field`, by name, in its order."""
    found: dict[str, PictureField] = {}
    for one in fields(owner):
        about = one.metadata.get("picture")
        if about is not None:
            found[one.name] = PictureField(
                name=one.name, default=one.default, kind=str(one.type), **about
            )
    return found


def picture_values(settings: PictureSettings) -> dict[str, Any]:
    """The settings of a picture by name, without what its owner has besides."""
    return {name: getattr(settings, name) for name in fields_of(PictureSettings)}


def picture_faults(settings: PictureSettings, *, but: Iterable[str] = ()) -> list[str]:
    """Name every number that is out of its range, in the table's order.

    Args:
        settings: to be looked at.
        but: names of fields that are not.
    """
    table = fields_of(PictureSettings)
    return [
        fault
        for name, row in table.items()
        if name not in but
        for fault in row.faults(getattr(settings, name))
    ]

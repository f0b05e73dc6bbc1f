"""A picture to be painted, what came of it, and its record as JSON.

In a record, fields that came later are left out at their defaults, so that the fingerprints of
pictures that were painted before stay what they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Protocol

from lib_t2p.painting.picture_settings import (
    PictureField,
    PictureSettings,
    fields_of,
    picture_faults,
    picture_field,
)

SEED = PictureField("seed", "Seed", None, "int", minimum=0, maximum=2**32 - 1, infotext="Seed")
_FIRST = {"prompt", "seed", "checkpoint", "negative_prompt", "steps", "sampler_name", "cfg_scale"}
_FIRST |= {"width", "height", "clip_skip"}
"""Fields of the first requests, which every record has."""


@dataclass(frozen=True)
class HiresFix:
    """A second pass over the enlarged picture, as the WebUI's hires fix.

    Attributes:
        scale: of width and height, above 1 to 4.
        upscaler: of the WebUI; `Latent` and its kin and `Lanczos` are known to our painter too.
        steps: of the second pass, 0 to 150; 0 takes the first's.
        denoising: 0 keeps the enlarged picture, 1 paints anew.
    """

    scale: float = picture_field(
        2.0, "Larger by", minimum=1.01, maximum=4, infotext="Hires upscale"
    )
    upscaler: str = picture_field("Latent", "Upscaler", infotext="Hires upscaler")
    steps: int = picture_field(
        0, "Steps of the second pass", minimum=0, maximum=150, infotext="Hires steps"
    )
    denoising: float = picture_field(
        0.7, "Denoising", minimum=0, maximum=1, infotext="Denoising strength"
    )


@dataclass(frozen=True)
class StartPicture:
    """The picture that img2img begins with.

    Attributes:
        path: of the file.
        print: SHA-256 of the file, so that a changed picture is never taken for the old one.
        denoising: 0 keeps the picture, 1 paints anew.
    """

    path: str
    print: str
    denoising: float = picture_field(
        0.75,
        "Denoising strength",
        "of the start picture",
        minimum=0.0,
        maximum=1.0,
        words="denoising strength",
        short="denoising",
        infotext="Denoising strength",
        flag="denoising",
    )


@dataclass(frozen=True)
class ScriptCall:
    """What an extension of the WebUI is told for one picture.

    Attributes:
        title: of the script, such as `ControlNet`.
        args: JSON of the list of its arguments. Text, so that a request stays hashable and equal.
        pictures: (key in the arguments, path) of files that go in as pictures: `0.image` is the
            key `image` of the first argument.
    """

    title: str
    args: str
    pictures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CellRequest(PictureSettings):
    """One picture with the WebUI's semantics: txt2img, or img2img when it has a start.

    Attributes:
        prompt: in A1111 syntax, `<lora:stem:weight>` tags included, wildcards already expanded.
        seed: 0 to 2**32 - 1; the first latent noise is drawn from it.
        checkpoint: title (WebUI) or path (standalone) of the base checkpoint.
        hires: a second, larger pass; None for none.
        start: makes it img2img.
        scripts: extensions of the WebUI that take part.
    """

    prompt: str
    seed: int
    checkpoint: str
    hires: HiresFix | None = None
    start: StartPicture | None = None
    scripts: tuple[ScriptCall, ...] = ()


def number_faults(request: CellRequest) -> list[str]:
    """Name the numbers of a request that no painter can work with."""
    hires, start = request.hires, request.start
    faults = SEED.faults(request.seed) + picture_faults(request)
    for name, row in fields_of(HiresFix).items() if hires else ():
        faults += row.faults(getattr(hires, name), f"hires {name}")
    if start:
        faults += fields_of(StartPicture)["denoising"].faults(start.denoising)
    return faults


def hires_size(request: CellRequest) -> tuple[int, int]:
    """Width and height of the finished picture in pixels, multiples of 8."""
    scale = request.hires.scale if request.hires else 1
    return int(request.width * scale) // 8 * 8, int(request.height * scale) // 8 * 8


@dataclass(frozen=True)
class PaintedCell:
    """A painted picture.

    Attributes:
        png: the file's bytes, sRGB, with the infotext in its `parameters` chunk.
        infotext: prompt and parameters as the WebUI writes them.
        seconds: time it took, loading included.
    """

    png: bytes
    infotext: str
    seconds: float


class Painter(Protocol):
    """Paints one picture at a time: the WebUI, or our own diffusers process."""

    name: str
    """Who painted, shown in the result, such as `Text to Person painter (diffusers)`."""

    def faults(self, requests: list[CellRequest]) -> list[str]:
        """Name all that cannot be painted, such as a missing LoRA, before anything starts."""

    def paint(self, request: CellRequest) -> PaintedCell:
        """Paint one picture; raises `PaintingError`, `LoraError` or `CheckpointError`."""


def request_to_record(request: CellRequest) -> dict[str, Any]:
    """All that makes a request; equal requests give equal records."""
    record = asdict(request)
    for one in fields(request):
        if one.name not in _FIRST and getattr(request, one.name) == one.default:
            del record[one.name]
    return record


def request_from_record(record: Mapping[str, Any]) -> CellRequest:
    """The request of a record; raises `TypeError` or `KeyError` for one that is none."""
    given = dict(record)
    if given.get("hires") is not None:
        given["hires"] = HiresFix(**given["hires"])
    if given.get("start") is not None:
        given["start"] = StartPicture(**given["start"])
    given["scripts"] = tuple(_script(entry) for entry in given.get("scripts", ()))
    return CellRequest(**given)


def _script(entry: Mapping[str, Any]) -> ScriptCall:
    pictures = tuple((str(key), str(path)) for key, path in entry.get("pictures", ()))
    return ScriptCall(entry["title"], entry["args"], pictures)

"""A picture to be painted, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class HiresFix:
    """A second pass over the enlarged picture, as the WebUI's hires fix.

    Attributes:
        scale: of width and height, above 1 to 4.
        upscaler: of the WebUI; `Latent` and its kin and `Lanczos` are known to our painter too.
        steps: of the second pass, 0 to 150; 0 takes the first's.
        denoising: 0 keeps the enlarged picture, 1 paints anew.
    """

    scale: float = 2.0
    upscaler: str = "Latent"
    steps: int = 0
    denoising: float = 0.7


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
    denoising: float = 0.75


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
class CellRequest:
    """One picture with the WebUI's semantics: txt2img, or img2img when it has a start.

    Attributes:
        prompt: in A1111 syntax, `<lora:stem:weight>` tags included, wildcards already expanded.
        negative_prompt: as `prompt`.
        seed: 0 to 2**32 - 1; the first latent noise is drawn from it.
        steps: sampling steps, 1 to 150.
        sampler_name: a WebUI sampler, such as `DPM++ 2M Karras`.
        cfg_scale: guidance, 1.0 to 30.0.
        width: pixels, a multiple of 8.
        height: pixels, a multiple of 8.
        clip_skip: 1 uses the last text-encoder layer, 2 the one before.
        checkpoint: title (WebUI) or path (standalone) of the base checkpoint.
        vae: file name of a VAE, `None` for the checkpoint's own; empty leaves the WebUI's choice.
        hires: a second, larger pass; None for none.
        start: makes it img2img.
        scripts: extensions of the WebUI that take part.
    """

    prompt: str
    seed: int
    checkpoint: str
    negative_prompt: str = ""
    steps: int = 20
    sampler_name: str = "DPM++ 2M Karras"
    cfg_scale: float = 7.0
    width: int = 512
    height: int = 512
    clip_skip: int = 1
    vae: str = ""
    hires: HiresFix | None = None
    start: StartPicture | None = None
    scripts: tuple[ScriptCall, ...] = ()


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

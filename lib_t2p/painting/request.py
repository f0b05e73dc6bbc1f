"""A picture to be painted, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class CellRequest:
    """One txt2img picture with the WebUI's semantics.

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

"""Our own painter: diffusers behind painting's Protocol."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch

from lib_t2p.diffusion.checkpoint import Checkpoint
from lib_t2p.diffusion.checkpoint_loader import load_checkpoint
from lib_t2p.diffusion.lora_files import LoraFiles
from lib_t2p.diffusion.lora_merge import MergedLoras
from lib_t2p.diffusion.prompts import Conditioning, encode
from lib_t2p.diffusion.request_faults import request_faults
from lib_t2p.diffusion.sampling import OnStep, sample
from lib_t2p.painting import (
    CellRequest,
    PaintedCell,
    put_infotext,
    split_lora_tags,
    without_tags,
    write_infotext,
)

NAME = "Text to Person painter (diffusers)"

Loras = tuple[tuple[Path, float], ...]


class DiffusersPainter:
    """Paints cells one by one; keeps checkpoint, LoRAs and encoded prompts between them.

    Cells that come ordered by checkpoint, then by LoRA and weight, then by prompt cost least.
    """

    name: str = NAME

    def __init__(
        self,
        loras: Path,
        *,
        device: str = "cpu",
        dtype: torch.dtype = torch.float32,
        on_step: OnStep | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Make a painter that has nothing loaded yet.

        Args:
            loras: folder of LoRAs, searched with all folders in it, as the WebUI does.
            device: of all models.
            dtype: of U-Net and text encoders.
            on_step: told (done, total) after each sampling step; may raise `StopRequested`.
            clock: seconds.
        """
        self._files = LoraFiles(loras)
        self._device, self._dtype, self._on_step, self._clock = device, dtype, on_step, clock
        self._checkpoint: Checkpoint | None = None
        self._merged: tuple[Loras, MergedLoras] | None = None
        self._encoded: dict[tuple[str, int], Conditioning] = {}

    def faults(self, requests: list[CellRequest]) -> list[str]:
        """Name all that cannot be painted: each fault once, in the order found."""
        self._files.refresh()
        return list(dict.fromkeys(f for r in requests for f in request_faults(r, self._files)))

    def paint(self, request: CellRequest) -> PaintedCell:
        """Paint one picture; raises `PaintingError`, `LoraError` or `CheckpointError`."""
        started = self._clock()
        prompt, tags = split_lora_tags(request.prompt)
        # The WebUI reads tags in the negative prompt as text and leaves them without effect.
        negative = without_tags(request.negative_prompt)
        checkpoint = self._loaded(Path(request.checkpoint))
        found = [(self._files.find(stem), weight) for stem, weight in tags]
        self._merge(checkpoint, tuple(found))
        plain = replace(request, prompt=prompt, negative_prompt=negative)
        picture = sample(checkpoint, plain, self._on_step, self._encode)
        infotext = write_infotext(
            request,
            model=checkpoint.path.stem,
            lora_hashes={stem: self._files.hash_of(stem) for stem, _ in tags},
        )
        buffer = io.BytesIO()
        picture.save(buffer, "PNG")
        png = put_infotext(buffer.getvalue(), infotext)
        return PaintedCell(png, infotext, self._clock() - started)

    def unload(self) -> None:
        """Give the memory back; the next picture loads anew."""
        self._checkpoint, self._merged, self._encoded = None, None, {}
        if self._device.startswith("cuda"):
            torch.cuda.empty_cache()

    def _loaded(self, path: Path) -> Checkpoint:
        if self._checkpoint is None or self._checkpoint.path != path:
            self.unload()
            self._checkpoint = load_checkpoint(path, device=self._device, dtype=self._dtype)
        return self._checkpoint

    def _merge(self, checkpoint: Checkpoint, loras: Loras) -> None:
        if self._merged and self._merged[0] == loras:
            return
        # Encoded prompts depend on the text encoder, which a LoRA may change.
        self._encoded = {}
        if self._merged:
            self._merged[1].restore()
            self._merged = None
        if loras:
            self._merged = (loras, MergedLoras(checkpoint, loras))

    def _encode(self, prompt: str, clip_skip: int) -> Conditioning:
        assert self._checkpoint is not None
        key = (prompt, clip_skip)
        if key not in self._encoded:
            self._encoded[key] = encode(self._checkpoint, [prompt], clip_skip)
        return self._encoded[key]

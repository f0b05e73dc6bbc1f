"""Captions -> what the U-Net is conditioned on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from lib_t2p.diffusion import CHUNK, ROOM, Checkpoint, Conditioning, Family, encode_tokens, tokenize
from lib_t2p.preflight import TrainImage
from lib_t2p.settings import Settings

KEPT_CAPTIONS = 4096
"""So many encoded captions are kept; a caption takes 0.24 MB for SD1.5 and 0.6 MB for SDXL."""


def vary_caption(caption: str, settings: Settings, order: random.Random, epoch: int) -> str:
    """Lengthen, drop or shuffle a caption as the settings say.

    Source: `process_caption` in library/train_util.py of kohya-ss/sd-scripts.

    Args:
        epoch: counted from 1.
    """
    if settings.caption_prefix:
        caption = f"{settings.caption_prefix} {caption}"
    if settings.caption_suffix:
        caption = f"{caption} {settings.caption_suffix}"
    every = settings.caption_dropout_every_n_epochs
    dropped = settings.caption_dropout_rate and order.random() < settings.caption_dropout_rate
    if dropped or (every and epoch % every == 0):
        return ""
    lost = settings.caption_tag_dropout_rate
    if not settings.shuffle_caption and not lost:
        return caption
    parts = [part.strip() for part in caption.split(",")]
    kept, mixed = parts[: settings.keep_tokens], parts[settings.keep_tokens :]
    if settings.shuffle_caption:
        order.shuffle(mixed)
    if lost:
        mixed = [part for part in mixed if order.random() >= lost]
    return ", ".join(kept + mixed)


def varies_captions(settings: Settings) -> bool:
    """Whether a caption may be another one at another step."""
    return bool(
        settings.shuffle_caption
        or settings.caption_dropout_rate
        or settings.caption_dropout_every_n_epochs
        or settings.caption_tag_dropout_rate
    )


class Conditioner:
    """Encodes captions, each different one once per batch.

    Args:
        checkpoint: its text encoders may carry a LoRA.
        settings: `clip_skip` and whether the text encoder is trained count here.
    """

    def __init__(self, checkpoint: Checkpoint, settings: Settings) -> None:
        self._checkpoint = checkpoint
        self._clip_skip = settings.clip_skip or 1
        self._trained = settings.trains_text_encoder
        self._chunks = (settings.max_token_length or ROOM) // ROOM
        self._ids: dict[str, tuple[Tensor, ...]] = {}
        self._encoded: dict[str, Conditioning] = {}

    def encode(self, captions: Sequence[str]) -> Conditioning:
        """Conditioning of a batch; differentiable when the text encoder is trained."""
        different = list(dict.fromkeys(captions))
        rows = torch.tensor([different.index(c) for c in captions], device=self._checkpoint.device)
        if self._trained:
            return _rows(self._run(different), rows)
        if len(self._encoded) > KEPT_CAPTIONS:
            self._encoded.clear()
        missing = [c for c in different if c not in self._encoded]
        if missing:
            with torch.no_grad():
                self._keep(missing, self._run(missing))
        kept = [self._encoded[c] for c in different]
        pooled = None if kept[0].pooled is None else torch.cat([_pooled(k) for k in kept])
        return _rows(Conditioning(torch.cat([k.context for k in kept]), pooled), rows)

    def cache(self, captions: Sequence[str]) -> None:
        """Encode captions that `encode` will be asked for later."""
        for caption in dict.fromkeys(captions):
            self.encode([caption])

    def _run(self, captions: Sequence[str]) -> Conditioning:
        for caption in captions:
            if caption not in self._ids:
                self._ids[caption] = tokenize(self._checkpoint, [caption], self._chunks)
        numbers = range(len(self._checkpoint.text_encoders))
        ids = [torch.cat([self._ids[c][n] for c in captions]) for n in numbers]
        encoded = encode_tokens(self._checkpoint, ids, self._clip_skip)
        return Conditioning(joined(encoded.context), encoded.pooled)

    def _keep(self, captions: Sequence[str], encoded: Conditioning) -> None:
        for index, caption in enumerate(captions):
            pooled = None if encoded.pooled is None else encoded.pooled[index : index + 1]
            self._encoded[caption] = Conditioning(encoded.context[index : index + 1], pooled)


def joined(context: Tensor) -> Tensor:
    """Leave out the marks between chunks, (n, 77 x chunks, w) -> (n, 75 x chunks + 2, w).

    Source: `get_hidden_states` in library/train_util.py of kohya-ss/sd-scripts.
    """
    chunks = context.split(CHUNK, dim=1)
    if len(chunks) == 1:
        return context
    return torch.cat([context[:, :1], *(c[:, 1:-1] for c in chunks), context[:, -1:]], dim=1)


def _pooled(conditioning: Conditioning) -> Tensor:
    assert conditioning.pooled is not None
    return conditioning.pooled


def _rows(conditioning: Conditioning, rows: Tensor) -> Conditioning:
    pooled = None if conditioning.pooled is None else conditioning.pooled[rows]
    return Conditioning(conditioning.context[rows], pooled)


@dataclass(frozen=True)
class SizeTable:
    """SDXL's sizes of each picture, (pictures, 6): original, crop and target, height first."""

    rows: Tensor

    def of(self, indices: Sequence[int]) -> Tensor:
        """Rows of a batch, (n, 6)."""
        return self.rows[list(indices)]


def size_table(
    checkpoint: Checkpoint, images: Sequence[TrainImage], device: torch.device
) -> SizeTable | None:
    """Make SDXL's `time_ids`, crop as sd-scripts computes it; None for SD1.5."""
    if checkpoint.family is not Family.SDXL:
        return None
    return SizeTable(torch.tensor([_time_ids(i) for i in images], device=device).float())


def _time_ids(image: TrainImage) -> list[float]:
    (width, height), bucket = image.size, image.placement.bucket
    aspect = width / height
    if bucket[0] / bucket[1] > aspect:
        shown = (bucket[1] * aspect, float(bucket[1]))
    else:
        shown = (float(bucket[0]), bucket[0] / aspect)
    left, top = (bucket[0] - shown[0]) // 2, (bucket[1] - shown[1]) // 2
    return [height, width, top, left, bucket[1], bucket[0]]

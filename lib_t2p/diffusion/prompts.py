"""Prompts -> what the U-Net is conditioned on, with the WebUI's weights, chunks and clip skip.

Weights as in A1111's "Original" emphasis: the encoder's output is multiplied token by token and
scaled back to its mean. SDXL takes the last but one layer of both encoders, whatever the clip
skip, as A1111 and sd-scripts do, and the second encoder's pooled output of the first chunk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from lib_t2p.diffusion.checkpoint import Checkpoint
from lib_t2p.diffusion.chunks import ROOM, Chunk, cut_prompt, padded, plain_tokens
from lib_t2p.diffusion.families import Family
from lib_t2p.errors import PaintingError

CHUNK = 77
"""Tokens of a chunk, marks and padding counted."""


@dataclass(frozen=True)
class Conditioning:
    """What the U-Net is conditioned on.

    Attributes:
        context: (prompts, 77 x chunks, width), float.
        pooled: (prompts, width of the second encoder) for SDXL, else None.
    """

    context: torch.Tensor
    pooled: torch.Tensor | None = None

    def zeros(self) -> Conditioning:
        """All zeros, which stands for an empty negative prompt in SDXL."""
        pooled = None if self.pooled is None else torch.zeros_like(self.pooled)
        return Conditioning(torch.zeros_like(self.context), pooled)


def tokenize(
    checkpoint: Checkpoint, captions: Sequence[str], chunks: int = 1
) -> tuple[torch.Tensor, ...]:
    """Turn captions into token ids as a trainer wants them: no emphasis, cut off where they end.

    Args:
        chunks: so many times 75 tokens are kept.

    Returns:
        per text encoder, (captions, 77 x chunks) int64 on the checkpoint's device.
    """
    return tuple(
        torch.tensor([_plain_row(tokenizer, c, chunks) for c in captions], device=checkpoint.device)
        for tokenizer in checkpoint.tokenizers
    )


def _plain_row(tokenizer: Any, caption: str, chunks: int) -> list[int]:
    tokens = plain_tokens(tokenizer, caption)
    rows = [tokens[ROOM * n : ROOM * (n + 1)] for n in range(chunks)]
    return [i for row in rows for i in padded(tokenizer, Chunk(row, [1.0] * len(row)))[0]]


def encode_tokens(
    checkpoint: Checkpoint, token_ids: Sequence[torch.Tensor], clip_skip: int = 1
) -> Conditioning:
    """Encode token ids; differentiable, for training.

    Args:
        token_ids: per text encoder, (prompts, 77 x chunks) int64.
        clip_skip: 1 uses the last layer, 2 the one before; ignored for SDXL.

    Raises:
        PaintingError: `clip_skip` is below 1 or above the number of layers.
    """
    outputs = [
        _encoded(checkpoint, encoder, ids, clip_skip)
        for encoder, ids in zip(checkpoint.text_encoders, token_ids, strict=True)
    ]
    return Conditioning(torch.cat([context for context, _ in outputs], dim=-1), outputs[-1][1])


@torch.no_grad()
def encode(checkpoint: Checkpoint, prompts: Sequence[str], clip_skip: int = 1) -> Conditioning:
    """Encode prompts in A1111's syntax, without `<lora:...>` tags; shorter ones are filled up.

    Raises:
        PaintingError: `clip_skip` is below 1 or above the number of layers.
    """
    outputs = []
    for encoder, tokenizer in zip(checkpoint.text_encoders, checkpoint.tokenizers, strict=True):
        ids, weights = _token_table(tokenizer, prompts, checkpoint.device)
        context, pooled = _encoded(checkpoint, encoder, ids, clip_skip)
        outputs.append((_weighted(context, weights), pooled))
    return Conditioning(torch.cat([context for context, _ in outputs], dim=-1), outputs[-1][1])


def _token_table(
    tokenizer: Any, prompts: Sequence[str], device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    cut = [cut_prompt(tokenizer, prompt) for prompt in prompts]
    most = max(len(chunks) for chunks in cut)
    rows = [
        [padded(tokenizer, chunk) for chunk in [*chunks, *[Chunk()] * (most - len(chunks))]]
        for chunks in cut
    ]
    ids = [[i for chunk_ids, _ in row for i in chunk_ids] for row in rows]
    weights = [[w for _, chunk_weights in row for w in chunk_weights] for row in rows]
    return torch.tensor(ids, device=device), torch.tensor(weights, device=device)


def _encoded(
    checkpoint: Checkpoint, encoder: Any, ids: torch.Tensor, clip_skip: int
) -> tuple[torch.Tensor, torch.Tensor | None]:
    prompts = ids.shape[0]
    output = encoder(ids.reshape(-1, CHUNK), output_hidden_states=True)
    if checkpoint.family is Family.SDXL:
        context = output.hidden_states[-2]
    else:
        layers = len(output.hidden_states) - 1
        if not 1 <= clip_skip <= layers:
            raise PaintingError(
                f"Clip skip {clip_skip} is not possible: the text encoder has {layers} layers, "
                f"choose 1 to {layers}."
            )
        context = encoder.text_model.final_layer_norm(output.hidden_states[-clip_skip])
    pooled = getattr(output, "text_embeds", None)
    if pooled is not None:
        pooled = pooled.reshape(prompts, -1, pooled.shape[-1])[:, 0]
    return context.reshape(prompts, -1, context.shape[-1]), pooled


def _weighted(context: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Multiply each token by its weight, chunk by chunk, and restore each chunk's mean."""
    if bool((weights == 1.0).all()):
        return context
    prompts, length, width = context.shape
    chunks = context.reshape(prompts, length // CHUNK, CHUNK, width).float()
    scaled = chunks * weights.reshape(prompts, -1, CHUNK, 1)
    scaled = scaled * (
        chunks.mean(dim=(2, 3), keepdim=True) / scaled.mean(dim=(2, 3), keepdim=True)
    )
    return scaled.reshape(prompts, length, width).to(context.dtype)

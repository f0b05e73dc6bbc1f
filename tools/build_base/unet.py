"""The U-Net and the text encoder, trained together on latents and captions."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL, DDPMScheduler, UNet2DConditionModel
from torch import Tensor
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from lib_t2p.files import whole_file
from tools.build_base.pictures import Pool
from tools.build_base.tokenizer import LENGTH

logger = logging.getLogger(__name__)

BATCH = 16
LEARNING_RATE = 1e-3
DECAY_FROM = 0.55
"""Share of the time after which the learning rate falls by a cosine."""
NO_CAPTION_SHARE = 0.12
"""Captions left out, so that guidance has an unconditional side."""
NOISE_OFFSET = 0.0357
MIN_SNR_GAMMA = 5.0
EMA_DECAY = 0.999
WIDTH = 96
"""Of the text encoder and of the cross-attention."""
KEEP_MINUTES = 4.0
BETAS = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
"""SD1.5's noise schedule."""


@dataclass(frozen=True)
class Latents:
    """Scaled latents, count x 4 x 24 x 24, standard deviation 1, and token ids, count x 77."""

    latents: Tensor
    ids: Tensor
    empty: Tensor
    scaling_factor: float


@dataclass(frozen=True)
class Denoiser:
    """The two models under training; `average` holds the moving averages of their parameters."""

    unet: UNet2DConditionModel
    text_encoder: CLIPTextModel
    average: list[Tensor]

    @property
    def parameters(self) -> list[torch.nn.Parameter]:
        """Of both models, in the order of `average`."""
        return [*self.unet.parameters(), *self.text_encoder.parameters()]

    def use_average(self) -> None:
        """Put the moving averages in the models' place."""
        for parameter, mean in zip(self.parameters, self.average, strict=True):
            parameter.data.copy_(mean)


def new_denoiser(tokenizer: CLIPTokenizer, seed: int) -> Denoiser:
    """Random weights: about 7.4 M and 0.6 M parameters."""
    torch.manual_seed(seed)
    text_encoder = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=WIDTH,
            intermediate_size=4 * WIDTH,
            projection_dim=WIDTH,
            num_hidden_layers=4,
            num_attention_heads=4,
            max_position_embeddings=LENGTH,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
            hidden_act="quick_gelu",
        )
    )
    unet = UNet2DConditionModel(
        sample_size=24,
        in_channels=4,
        out_channels=4,
        layers_per_block=1,
        block_out_channels=(64, 96, 160),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=WIDTH,
        attention_head_dim=4,
        norm_num_groups=16,
    )
    parameters = [*unet.parameters(), *text_encoder.parameters()]
    return Denoiser(unet, text_encoder, [p.detach().clone() for p in parameters])


@torch.no_grad()
def encode_pool(pool: Pool, autoencoder: AutoencoderKL, tokenizer: CLIPTokenizer) -> Latents:
    """Encode all pictures and captions once."""
    parts = []
    for start in range(0, len(pool.pictures), 32):
        pictures = torch.from_numpy(pool.pictures[start : start + 32]).permute(0, 3, 1, 2)
        parts.append(autoencoder.encode(pictures.float() / 127.5 - 1).latent_dist.mean)
    latents = torch.cat(parts)
    scale = 1 / float(latents.std())
    return Latents(latents * scale, _ids(tokenizer, pool.captions), _ids(tokenizer, [""]), scale)


def train_denoiser(
    data: Latents,
    tokenizer: CLIPTokenizer,
    minutes: float,
    work: Path,
    seed: int = 1,
    clock: Callable[[], float] = time.monotonic,
) -> Denoiser:
    """Train for `minutes` in all, earlier builds that were interrupted included."""
    model = new_denoiser(tokenizer, seed)
    optimizer = torch.optim.AdamW(
        model.parameters, LEARNING_RATE, betas=(0.9, 0.99), weight_decay=0.01
    )
    state = work / "denoiser.pt"
    step, spent = _restore(state, model, optimizer) if state.exists() else (0, 0.0)
    generator = torch.Generator().manual_seed(seed + step)
    begun = clock()
    kept = spent
    losses: list[float] = []
    elapsed = spent
    while elapsed < minutes:
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, elapsed / minutes)
        loss = _noise_loss(model, data, generator)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters, 1.0)
        optimizer.step()
        decay = min(EMA_DECAY, (step + 10) / (step + 100))
        current = [p.detach() for p in model.parameters]
        torch._foreach_lerp_(model.average, current, 1 - decay)
        losses.append(loss.item())
        step += 1
        elapsed = spent + (clock() - begun) / 60
        if elapsed - kept > KEEP_MINUTES or elapsed >= minutes:
            mean = float(np.mean(losses[-400:]))
            logger.info("denoiser step %d loss %.4f, %.1f min", step, mean, elapsed)
            _keep(state, model, optimizer, step, elapsed)
            kept = elapsed
    model.use_average()
    return model


def learning_rate(step: int, share: float) -> float:
    """Warm-up over 200 steps, flat, then a cosine down to 3 %; `share` of the time is 0 to 1."""
    fall = 1.0
    if share > DECAY_FROM:
        turn = np.pi * (share - DECAY_FROM) / (1 - DECAY_FROM)
        fall = max(0.03, 0.5 * (1 + float(np.cos(turn))))
    return LEARNING_RATE * min(1.0, (step + 1) / 200) * fall


def _noise_loss(model: Denoiser, data: Latents, generator: torch.Generator) -> Tensor:
    scheduler = DDPMScheduler(num_train_timesteps=1000, **BETAS)
    chosen = torch.randint(len(data.latents), (BATCH,), generator=generator)
    clean, ids = data.latents[chosen], data.ids[chosen].clone()
    ids[torch.rand(BATCH, generator=generator) < NO_CAPTION_SHARE] = data.empty
    t = torch.randint(1000, (BATCH,), generator=generator)
    noise = torch.randn(clean.shape, generator=generator)
    noise += NOISE_OFFSET * torch.randn(BATCH, clean.shape[1], 1, 1, generator=generator)
    context = model.text_encoder(ids).last_hidden_state
    made = model.unet(scheduler.add_noise(clean, noise, t), t, context).sample
    snr = scheduler.alphas_cumprod[t] / (1 - scheduler.alphas_cumprod[t])
    weight = torch.clamp(snr, max=MIN_SNR_GAMMA) / snr
    loss: Tensor = (((made - noise) ** 2).mean((1, 2, 3)) * weight).mean()
    return loss


def _ids(tokenizer: CLIPTokenizer, texts: list[str]) -> Tensor:
    made = tokenizer(
        texts, padding="max_length", max_length=LENGTH, truncation=True, return_tensors="pt"
    )
    ids: Tensor = made.input_ids
    return ids


def _restore(path: Path, model: Denoiser, optimizer: torch.optim.Optimizer) -> tuple[int, float]:
    kept = torch.load(path, weights_only=True)
    model.unet.load_state_dict(kept["unet"])
    model.text_encoder.load_state_dict(kept["text_encoder"])
    optimizer.load_state_dict(kept["optimizer"])
    for mean, value in zip(model.average, kept["average"], strict=True):
        mean.copy_(value)
    return kept["step"], kept["minutes"]


def _keep(
    path: Path, model: Denoiser, optimizer: torch.optim.Optimizer, step: int, minutes: float
) -> None:
    state = {
        "unet": model.unet.state_dict(),
        "text_encoder": model.text_encoder.state_dict(),
        "optimizer": optimizer.state_dict(),
        "average": model.average,
        "step": step,
        "minutes": minutes,
    }
    with whole_file(path) as part:
        torch.save(state, part)

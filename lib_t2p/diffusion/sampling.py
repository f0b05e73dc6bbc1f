"""txt2img, img2img and hires fix with the WebUI's semantics.

As in A1111 with its random source set to CPU: the first noise and all later noise come from one
CPU generator per picture, so that a seed gives the same picture on every device. Guidance of 1
leaves the negative prompt out.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import torch
from PIL import Image

from lib_t2p.diffusion.checkpoint import Checkpoint
from lib_t2p.diffusion.families import Family
from lib_t2p.diffusion.prompts import Conditioning, encode
from lib_t2p.diffusion.samplers import Sampler, find_sampler, make_scheduler, set_steps
from lib_t2p.diffusion.second_order import sample_2s_ancestral, sample_sde
from lib_t2p.diffusion.starting_points import (
    Beginning,
    encoded,
    enlarged,
    hires_steps,
    img2img_steps,
    open_start,
)
from lib_t2p.errors import PaintingError
from lib_t2p.painting import CellRequest, hires_size

OnStep = Callable[[int, int], None]
"""Told (done, total) after each step; raise `StopRequested` in it to stop."""

Encode = Callable[[str, int], Conditioning]
"""(prompt, clip skip) -> conditioning of one prompt."""


def sample(
    checkpoint: Checkpoint,
    request: CellRequest,
    on_step: OnStep | None = None,
    encoder: Encode | None = None,
) -> Image.Image:
    """Paint one picture; the same request gives the same bytes on the same machine.

    Args:
        request: without `<lora:...>` tags; merge LoRAs before.
        encoder: a cache may stand in for encoding each prompt anew.

    Returns:
        an RGB picture of the request's size; larger with hires fix.

    Raises:
        PaintingError: unknown sampler, impossible size or clip skip, a start picture that cannot be
            read, or the U-Net gave no numbers.
    """
    return sample_seeds(checkpoint, request, [request.seed], on_step, encoder)[0]


@torch.no_grad()
def sample_seeds(
    checkpoint: Checkpoint,
    request: CellRequest,
    seeds: Sequence[int],
    on_step: OnStep | None = None,
    encoder: Encode | None = None,
) -> list[Image.Image]:
    """Paint one picture per seed in one go; they equal single ones within rounding."""
    sampler, step = find_sampler(request.sampler_name), on_step or _ignore
    painting = _painting(checkpoint, request, seeds, encoder)
    latents = _run(painting, sampler, step, _start(checkpoint, request, len(seeds)))
    if request.hires:
        latents = _second_pass(painting, sampler, step, latents, seeds)
    return _decode(checkpoint, latents)


def _painting(
    checkpoint: Checkpoint, request: CellRequest, seeds: Sequence[int], encoder: Encode | None
) -> _Painting:
    generators = [torch.Generator("cpu").manual_seed(seed) for seed in seeds]
    return _Painting(checkpoint, request, _conditionings(checkpoint, request, encoder), generators)


def _start(checkpoint: Checkpoint, request: CellRequest, count: int) -> Beginning | None:
    if request.start is None:
        return None
    picture = open_start(request.start, request.width, request.height)
    latents = encoded(checkpoint, picture).expand(count, -1, -1, -1)
    return Beginning(latents, *img2img_steps(request.steps, request.start.denoising))


def _second_pass(
    first: _Painting, sampler: Sampler, on_step: OnStep, latents: torch.Tensor, seeds: Sequence[int]
) -> torch.Tensor:
    """Hires fix: paint over the enlarged picture, with noise drawn anew from the same seeds."""
    hires, checkpoint = first.request.hires, first.checkpoint
    assert hires is not None
    size = hires_size(first.request)
    decode = partial(_decode, checkpoint)
    larger = enlarged(checkpoint, latents, size, hires.upscaler, decode)
    steps, skipped = hires_steps(hires.steps or first.request.steps, hires.denoising)
    if not steps:
        return larger
    request = replace(first.request, width=size[0], height=size[1])
    generators = [torch.Generator("cpu").manual_seed(seed) for seed in seeds]
    second = replace(first, request=request, generators=generators)
    return _run(second, sampler, on_step, Beginning(larger, steps, skipped))


@dataclass(frozen=True)
class _Painting:
    checkpoint: Checkpoint
    request: CellRequest
    conditionings: tuple[Conditioning, Conditioning | None]
    generators: list[torch.Generator]

    def noise(self) -> torch.Tensor:
        """Fresh noise, (pictures, channels, height, width) of the latents."""
        factor = self.checkpoint.latent_factor
        height, width = self.request.height, self.request.width
        if height % factor or width % factor or min(height, width) < factor:
            raise PaintingError(
                f"{width}x{height} is no possible size: width and height must be multiples of 8."
            )
        shape = (self.checkpoint.unet.config.in_channels, height // factor, width // factor)
        each = [torch.randn(shape, generator=generator) for generator in self.generators]
        return torch.stack(each).to(self.checkpoint.device)

    def predict(self, latents: torch.Tensor, timestep: Any) -> torch.Tensor:
        """The U-Net's guided output for scaled latents, float32."""
        positive, negative = self.conditionings
        if negative is None:
            return self._forward(latents, timestep, [positive])[0]
        if negative.context.shape == positive.context.shape:
            away, towards = self._forward(latents, timestep, [negative, positive])
        else:
            # Prompts of different length cannot share a batch; the WebUI runs them apart too.
            towards = self._forward(latents, timestep, [positive])[0]
            away = self._forward(latents, timestep, [negative])[0]
        return away + self.request.cfg_scale * (towards - away)

    def _forward(
        self, latents: torch.Tensor, timestep: Any, conditionings: list[Conditioning]
    ) -> tuple[torch.Tensor, ...]:
        unet, count = self.checkpoint.unet, latents.shape[0]
        dtype = self.checkpoint.dtype
        context = torch.cat([c.context.expand(count, -1, -1) for c in conditionings])
        output = unet(
            torch.cat([latents] * len(conditionings)).to(dtype),
            timestep,
            encoder_hidden_states=context.to(dtype),
            added_cond_kwargs=self._added(conditionings, count),
            return_dict=False,
        )[0]
        return tuple(output.float().chunk(len(conditionings)))

    def _added(self, conditionings: list[Conditioning], count: int) -> dict[str, Any] | None:
        if self.checkpoint.family is not Family.SDXL:
            return None
        # Original size, crop and target size, as the WebUI gives them: no crop, the picture's own.
        size = (self.request.height, self.request.width)
        dtype, device = self.checkpoint.dtype, self.checkpoint.device
        times = torch.tensor([*size, 0, 0, *size], dtype=dtype, device=device)
        pooled = [c.pooled.expand(count, -1) for c in conditionings if c.pooled is not None]
        return {
            "text_embeds": torch.cat(pooled).to(dtype),
            "time_ids": times.repeat(count * len(conditionings), 1),
        }


def _conditionings(
    checkpoint: Checkpoint, request: CellRequest, encoder: Encode | None
) -> tuple[Conditioning, Conditioning | None]:
    def own(prompt: str, clip_skip: int) -> Conditioning:
        return encode(checkpoint, [prompt], clip_skip)

    give = encoder or own
    positive = give(request.prompt, request.clip_skip)
    if request.cfg_scale == 1:
        return positive, None
    negative = give(request.negative_prompt, request.clip_skip)
    if checkpoint.family is Family.SDXL and not request.negative_prompt:
        return positive, negative.zeros()
    return positive, negative


def _run(
    painting: _Painting, sampler: Sampler, on_step: OnStep, beginning: Beginning | None = None
) -> torch.Tensor:
    scheduler = make_scheduler(sampler, painting.checkpoint.scheduler_config)
    steps = beginning.steps if beginning else painting.request.steps
    set_steps(scheduler, sampler, steps)
    noise, skipped = painting.noise(), beginning.skipped if beginning else 0
    if sampler.loop == "scheduler":
        skipped *= scheduler.order
        start = _noisy(scheduler, beginning, noise, skipped)
        return _run_scheduler(painting, scheduler, start, on_step, skipped)
    sigmas = scheduler.sigmas.tolist()[skipped:]
    start = noise * float(scheduler.init_noise_sigma)
    if beginning:
        start = beginning.latents + noise * sigmas[0]
    loop = sample_2s_ancestral if sampler.loop == "DPM++ 2S a" else sample_sde
    denoise = _denoiser(painting, scheduler)
    return loop(start, sigmas, denoise, painting.noise, on_step)


def _noisy(
    scheduler: Any, beginning: Beginning | None, noise: torch.Tensor, skipped: int
) -> torch.Tensor:
    if beginning is None:
        return noise * float(scheduler.init_noise_sigma)
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(skipped)
    # One noise level for each picture.
    level = scheduler.timesteps[skipped].repeat(len(noise))
    return torch.as_tensor(scheduler.add_noise(beginning.latents, noise, level))


def _run_scheduler(
    painting: _Painting, scheduler: Any, latents: torch.Tensor, on_step: OnStep, skipped: int
) -> torch.Tensor:
    accepts = inspect.signature(scheduler.step).parameters
    extra = {"generator": painting.generators} if "generator" in accepts else {}
    timesteps = scheduler.timesteps[skipped:]
    for done, timestep in enumerate(timesteps, 1):
        prediction = painting.predict(scheduler.scale_model_input(latents, timestep), timestep)
        latents = scheduler.step(prediction, timestep, latents, return_dict=False, **extra)[0]
        on_step(done, len(timesteps))
    return latents


def _denoiser(painting: _Painting, scheduler: Any) -> Callable[[torch.Tensor, float], torch.Tensor]:
    alphas: torch.Tensor = scheduler.alphas_cumprod
    levels = (((1 - alphas) / alphas) ** 0.5).log()
    is_v = scheduler.config.prediction_type == "v_prediction"

    def denoise(x: torch.Tensor, sigma: float) -> torch.Tensor:
        timestep = _timestep(levels, sigma).to(x.device)
        scale = math.sqrt(sigma**2 + 1)
        output = painting.predict(x / scale, timestep)
        if is_v:
            return x / scale**2 - output * sigma / scale
        return x - sigma * output

    return denoise


def _timestep(levels: torch.Tensor, sigma: float) -> torch.Tensor:
    """The fractional timestep of a noise level; `levels` are ascending logarithms."""
    wanted = torch.tensor(sigma).log().clamp(levels[0], levels[-1])
    above = int(torch.searchsorted(levels, wanted).clamp(1, len(levels) - 1))
    low, high = levels[above - 1], levels[above]
    return above - 1 + (wanted - low) / (high - low)


def _decode(checkpoint: Checkpoint, latents: torch.Tensor) -> list[Image.Image]:
    vae = checkpoint.vae
    if not bool(torch.isfinite(latents).all()):
        raise PaintingError(
            "The picture turned into no numbers while it was painted: load the checkpoint in "
            "float32, or lower the LoRA weight or the guidance."
        )
    decoded = vae.decode(latents.to(vae.dtype) / vae.config.scaling_factor, return_dict=False)[0]
    pixels = ((decoded.float() + 1) / 2).clamp(0, 1).mul(255).round().to(torch.uint8)
    return [Image.fromarray(p.permute(1, 2, 0).cpu().numpy(), "RGB") for p in pixels]


def _ignore(_done: int, _total: int) -> None:
    pass

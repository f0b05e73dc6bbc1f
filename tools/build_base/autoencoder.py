"""The autoencoder: 96 px pictures to 24 x 24 x 4 latents and back."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional
from diffusers import AutoencoderKL
from numpy.typing import NDArray
from torch import Tensor

from lib_t2p.files import whole_file
from tools.build_base.pictures import TEXTURES, free_picture, grey_faces

logger = logging.getLogger(__name__)

LEARNING_RATE = 2e-3
SMALL_SIDE, LARGE_SIDE = 48, 96
"""Crops of the first and the last part of the training, pixels."""
SMALL_BATCH, LARGE_BATCH = 10, 3
LARGE_FROM = 0.87
"""Share of the steps after which large crops are used."""
PORTRAIT_SHARE = 0.4
"""Crops from drawn portraits; of the others, FACE_SHARE are tinted faces, the rest textures."""
FACE_SHARE = 0.3
DECODER_FROM = 0.75
"""Share of the steps after which only the decoder learns, on latents that no longer move."""
LATENT_NOISE = 0.05
"""Added to latents while training, so that near latents decode alike."""
SETTLED_LOG_VARIANCE = -20.0
SAVE_EVERY = 250


def new_autoencoder() -> AutoencoderKL:
    """Random weights from torch's current seed."""
    return AutoencoderKL(
        block_out_channels=(32, 64, 96),
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=16,
        sample_size=LARGE_SIDE,
        mid_block_add_attention=False,
    )


@dataclass
class CropSource:
    """Random crops of portraits, free pictures and tinted faces, -1 to 1, 3 x side x side."""

    rng: np.random.Generator
    portraits: NDArray[np.uint8]

    def __post_init__(self) -> None:
        self.pictures = [
            torch.from_numpy(free_picture(name)).permute(2, 0, 1).float() / 127.5 - 1
            for name in TEXTURES
        ]
        self.faces = torch.from_numpy(grey_faces()).float() * 2 - 1

    def batch(self, count: int, side: int) -> Tensor:
        """count x 3 x side x side."""
        return torch.stack([self._crop(side) for _ in range(count)])

    def _crop(self, side: int) -> Tensor:
        if self.rng.random() < PORTRAIT_SHARE:
            picture = self._portrait(side)
        elif self.rng.random() < FACE_SHARE:
            picture = self._face(side)
        else:
            picture = self._texture(side)
        return (picture.flip(2) if self.rng.random() < 0.5 else picture).clamp(-1, 1)

    def _portrait(self, side: int) -> Tensor:
        drawn = np.array(self.portraits[self.rng.integers(len(self.portraits))])
        top, left = self.rng.integers(drawn.shape[0] - side + 1, size=2)
        cut = torch.from_numpy(drawn[top : top + side, left : left + side])
        return self._relit(cut.permute(2, 0, 1).float() / 127.5 - 1, 0.7, 1.25)

    def _relit(self, picture: Tensor, low: float, high: float) -> Tensor:
        gain = torch.tensor(self.rng.uniform(low, high, (3, 1, 1)), dtype=torch.float32)
        return (picture + 1) * gain - 1

    def _face(self, side: int) -> Tensor:
        grey = self.faces[self.rng.integers(len(self.faces))][None].repeat(3, 1, 1)
        tinted = self._relit(grey, 0.75, 1.15)
        return functional.interpolate(tinted[None], size=(side, side), mode="bicubic")[0]

    def _texture(self, side: int) -> Tensor:
        # The first pictures are photos; half of the crops come from them.
        among = len(self.pictures) if self.rng.random() < 0.5 else 7
        picture = self.pictures[self.rng.integers(among)]
        height, width = picture.shape[1:]
        cut = int(np.exp(self.rng.uniform(np.log(40), np.log(min(height, width)))))
        top = int(self.rng.integers(height - cut + 1))
        left = int(self.rng.integers(width - cut + 1))
        crop = picture[None, :, top : top + cut, left : left + cut]
        mode = "bilinear" if cut < side else "area"
        resized = functional.interpolate(crop, size=(side, side), mode=mode)[0]
        # Strong tints, or the latents would keep brightness only.
        lit = self._relit(resized, *((0.5, 1.3) if self.rng.random() < 0.5 else (0.8, 1.2)))
        return lit[torch.randperm(3)] if self.rng.random() < 0.2 else lit


def train_autoencoder(
    steps: int, portraits: NDArray[np.uint8], work: Path, seed: int = 0
) -> AutoencoderKL:
    """Train, or go on from the state that an earlier build left in `work`."""
    torch.manual_seed(seed)
    model = new_autoencoder()
    optimizer = torch.optim.AdamW(
        model.parameters(), LEARNING_RATE, betas=(0.9, 0.99), weight_decay=1e-4
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, LEARNING_RATE, total_steps=steps + 1, pct_start=0.05
    )
    state = work / "autoencoder.pt"
    begin = 0
    if state.exists():
        kept = torch.load(state, weights_only=True)
        model.load_state_dict(kept["model"])
        optimizer.load_state_dict(kept["optimizer"])
        schedule.load_state_dict(kept["schedule"])
        begin = kept["step"]
    # A resumed build draws other crops than an undisturbed one; both see the same kinds.
    source = CropSource(np.random.default_rng([seed, begin]), portraits)
    for step in range(begin, steps):
        large = step >= steps * LARGE_FROM
        batch = source.batch(*((LARGE_BATCH, LARGE_SIDE) if large else (SMALL_BATCH, SMALL_SIDE)))
        if step >= steps * DECODER_FROM:
            for part in (model.encoder, model.quant_conv):
                part.requires_grad_(False)
        loss = reconstruction_loss(model, batch)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == steps:
            logger.info("autoencoder step %d/%d loss %.4f", step + 1, steps, loss.item())
            _keep(state, model, optimizer, schedule, step + 1)
    return settle_variance(model).eval()


@torch.no_grad()
def settle_variance(model: AutoencoderKL) -> AutoencoderKL:
    """Give latents a variance of next to nothing, since only their mean was trained.

    Trainers draw latents from mean and variance; an untrained variance would be noise to them.
    """
    layer = model.quant_conv
    channels = layer.weight.shape[0] // 2
    layer.weight[channels:] = 0
    layer.bias[channels:] = SETTLED_LOG_VARIANCE
    return model


def reconstruction_loss(model: AutoencoderKL, batch: Tensor) -> Tensor:
    """L1 of pixels, of their colour at 1/4 size and of gradients, and a weak pull on latents."""
    latents = model.encode(batch).latent_dist.mean
    made = model.decode(latents + LATENT_NOISE * torch.randn_like(latents)).sample
    colour = functional.avg_pool2d(made, 4) - functional.avg_pool2d(batch, 4)
    loss = (made - batch).abs().mean() + 2 * colour.abs().mean()
    wanted = batch
    for _ in range(2):
        pairs = zip(_gradients(made), _gradients(wanted), strict=True)
        loss = loss + torch.stack([(a - b).abs().mean() for a, b in pairs]).sum()
        made, wanted = functional.avg_pool2d(made, 2), functional.avg_pool2d(wanted, 2)
    far = functional.relu(latents.abs() - 3).mean()
    total: Tensor = loss + 1e-3 * (latents**2).mean() + 1e-3 * far
    return total


def _gradients(picture: Tensor) -> tuple[Tensor, Tensor]:
    return (
        picture[..., 1:, :] - picture[..., :-1, :],
        picture[..., :, 1:] - picture[..., :, :-1],
    )


def _keep(
    path: Path,
    model: AutoencoderKL,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    step: int,
) -> None:
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "step": step,
    }
    with whole_file(path) as part:
        torch.save(state, part)

"""Pictures -> latents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor

from lib_t2p.errors import TrainerError
from lib_t2p.jobs.events import Reporter
from lib_t2p.pictures import open_picture
from lib_t2p.preflight import TrainImage
from lib_t2p.settings import Settings


def load_pixels(image: TrainImage) -> Tensor:
    """Read a picture, resize it and cut its middle to the bucket.

    Returns:
        (3, height, width), RGB, -1 to 1.

    Raises:
        TrainerError: the file is damaged.
    """
    try:
        with open_picture(image.path) as picture:
            pixels = np.asarray(picture.convert("RGB"))
    except OSError as error:
        raise TrainerError(
            f"{image.path.name} is damaged ({error}): remove the photo and build the dataset again."
        ) from error
    (width, height), bucket = image.placement.resized, image.placement.bucket
    if (pixels.shape[1], pixels.shape[0]) != (width, height):
        smaller = pixels.shape[1] >= width and pixels.shape[0] >= height
        how = cv2.INTER_AREA if smaller else cv2.INTER_LANCZOS4
        pixels = cv2.resize(pixels, (width, height), interpolation=how)
    left, top = (width - bucket[0]) // 2, (height - bucket[1]) // 2
    cut = pixels[top : top + bucket[1], left : left + bucket[0]]
    return torch.from_numpy(cut.copy()).permute(2, 0, 1).float() / 127.5 - 1.0


class LatentSource:
    """Gives the latents of a batch, encoded once or each time.

    Args:
        vae: on the device of training, or None after `cache` has run.
        images: all pictures.
        settings: `cache_latents`, `vae_batch_size` and `flip_aug` count here.
        device: where batches go.
    """

    def __init__(
        self, vae: Any, images: Sequence[TrainImage], settings: Settings, device: torch.device
    ) -> None:
        self._vae = vae
        self._images = images
        self._settings = settings
        self._device = device
        self._kept: dict[tuple[int, bool], Tensor] = {}

    def cache(self, reporter: Reporter) -> None:
        """Encode every picture once, mirrored too when `flip_aug` is on."""
        sides = (False, True) if self._settings.flip_aug else (False,)
        by_bucket = sorted(range(len(self._images)), key=lambda i: self._images[i].placement.bucket)
        done, total = 0, len(self._images)
        for rows in self._chunks(by_bucket):
            for mirrored in sides:
                encoded = self._encode([(row, mirrored) for row in rows])
                for row, latent in zip(rows, encoded, strict=True):
                    self._kept[row, mirrored] = latent
            done += len(rows)
            reporter.progress(done, total, "picture")
        self._vae = None

    def batch(self, rows: Sequence[int]) -> Tensor:
        """Latents of a batch of one bucket, (n, c, h, w), float32."""
        flips = [False] * len(rows)
        if self._settings.flip_aug:
            flips = [bool(f) for f in torch.rand(len(rows)) < 0.5]
        keys = list(zip(rows, flips, strict=True))
        if self._kept:
            return torch.stack([self._kept[key] for key in keys])
        return self._encode(keys)

    @torch.no_grad()
    def _encode(self, keys: Sequence[tuple[int, bool]]) -> Tensor:
        pixels = []
        for row, mirrored in keys:
            loaded = load_pixels(self._images[row])
            pixels.append(loaded.flip(-1) if mirrored else loaded)
        batch = torch.stack(pixels).to(self._device, self._vae.dtype)
        latents: Tensor = (
            self._vae.encode(batch).latent_dist.sample() * self._vae.config.scaling_factor
        )
        if not bool(torch.isfinite(latents).all()):
            raise TrainerError(
                "The VAE gives no numbers in this precision: switch no_half_vae on, or use bf16."
            )
        return latents.float()

    def _chunks(self, rows: Sequence[int]) -> list[list[int]]:
        chunks: list[list[int]] = []
        for row in rows:
            bucket = self._images[row].placement.bucket
            full = chunks and len(chunks[-1]) >= self._settings.vae_batch_size
            same = chunks and self._images[chunks[-1][0]].placement.bucket == bucket
            if same and not full:
                chunks[-1].append(row)
            else:
                chunks.append([row])
        return chunks

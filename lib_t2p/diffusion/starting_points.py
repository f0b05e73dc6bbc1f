"""Where sampling begins: from noise, from a picture (img2img), or from an enlarged first pass.

Steps as in the WebUI's `setup_img2img_steps`; resizing as its `Crop and resize`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps

from lib_t2p.diffusion.checkpoint import Checkpoint
from lib_t2p.errors import PaintingError
from lib_t2p.painting import StartPicture
from lib_t2p.pictures import open_picture

MOST_DENOISING = 0.999
"""The WebUI's, since whole denoising would divide by nothing."""


@dataclass(frozen=True)
class Beginning:
    """Clean latents to be made noisy.

    Attributes:
        latents: scaled as the U-Net wants them, (pictures, channels, height, width).
        steps: that the noise levels are spread over.
        skipped: of those, the steps that are left out because they are too noisy.
    """

    latents: torch.Tensor
    steps: int
    skipped: int


def img2img_steps(steps: int, denoising: float) -> tuple[int, int]:
    """Steps and those left out: of 20 at 0.75 the last 16 are taken."""
    taken = int(min(denoising, MOST_DENOISING) * steps)
    return steps, steps - taken - 1


def hires_steps(steps: int, denoising: float) -> tuple[int, int]:
    """As many steps are taken as asked for, so that more are spread over the noise levels."""
    if denoising <= 0:
        return 0, 0
    spread = int(steps / min(denoising, MOST_DENOISING))
    return spread, spread - steps


def open_start(start: StartPicture, width: int, height: int) -> Image.Image:
    """The picture to begin with, cropped and resized to the size that is painted.

    Raises:
        PaintingError: it is gone, changed, or no picture.
    """
    path = Path(start.path)
    try:
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != start.print:
            raise PaintingError(
                f"The picture {path.name} was changed since it was chosen: choose it again."
            )
        with open_picture(path) as opened:
            picture = opened.convert("RGB")
            ImageOps.exif_transpose(picture, in_place=True)
    except (OSError, SyntaxError, ValueError) as error:
        raise PaintingError(
            f"The picture {path} to begin with cannot be read: choose another one."
        ) from error
    return ImageOps.fit(picture, (width, height), Image.Resampling.LANCZOS)


def encoded(checkpoint: Checkpoint, picture: Image.Image) -> torch.Tensor:
    """The scaled latents of an RGB picture, (1, channels, height, width); the most likely ones,
    so that the same picture always gives the same latents."""
    vae = checkpoint.vae
    pixels = torch.from_numpy(np.asarray(picture, np.float32) / 127.5 - 1).permute(2, 0, 1)[None]
    found = vae.encode(pixels.to(checkpoint.device, vae.dtype)).latent_dist.mode()
    return torch.as_tensor(found * vae.config.scaling_factor).float()


LATENT_MODES: dict[str, tuple[str, bool]] = {
    "Latent": ("bilinear", False),
    "Latent (antialiased)": ("bilinear", True),
    "Latent (bicubic)": ("bicubic", False),
    "Latent (bicubic antialiased)": ("bicubic", True),
    "Latent (nearest)": ("nearest", False),
    "Latent (nearest-exact)": ("nearest-exact", False),
}
"""`latent_upscale_modes` of the WebUI's `modules/shared_items.py`: mode, antialias."""
PICTURE_MODES: dict[str, Image.Resampling] = {
    "None": Image.Resampling.LANCZOS,
    "Lanczos": Image.Resampling.LANCZOS,
    "Nearest": Image.Resampling.NEAREST,
}
UPSCALERS = (*LATENT_MODES, *PICTURE_MODES)
"""That our painter knows; the WebUI's further ones need models of their own."""


def enlarged(
    checkpoint: Checkpoint,
    latents: torch.Tensor,
    size: tuple[int, int],
    upscaler: str,
    decode: Callable[[torch.Tensor], list[Image.Image]],
) -> torch.Tensor:
    """Enlarge the first pass to `size` (width, height in pixels).

    Args:
        checkpoint: whose VAE is used for upscalers that work on pictures.
        latents: of the first pass.
        size: of the second pass.
        upscaler: one of `UPSCALERS`.
        decode: latents -> pictures.
    """
    width, height = size
    if upscaler in LATENT_MODES:
        mode, antialias = LATENT_MODES[upscaler]
        factor = checkpoint.latent_factor
        return torch.nn.functional.interpolate(
            latents, size=(height // factor, width // factor), mode=mode, antialias=antialias
        )
    resampling = PICTURE_MODES[upscaler]
    pictures = [one.resize(size, resampling) for one in decode(latents)]
    return torch.cat([encoded(checkpoint, one) for one in pictures])

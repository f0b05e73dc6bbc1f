"""Writing the finished base in diffusers layout."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, EulerDiscreteScheduler, StableDiffusionPipeline
from transformers import CLIPTokenizer

from lib_t2p.files import write_text
from tools.build_base.unet import BETAS, Denoiser

PACKAGES = ("torch", "diffusers", "transformers", "numpy", "scikit-image")
LICENCE = """# The tiny base checkpoint

Weights of a small latent diffusion model for demonstrations and tests: 96 px pictures, latents of
24 x 24 x 4, about 9.5 million parameters in half precision. MIT licence, like the rest of this
repository.

It learned from pictures that are free to use, none of which is in the repository: portraits drawn
by `lib_t2p/demo/build_base`, whose faces are partly scikit-image's 25 px `lfw_subset` tinted and
enlarged, and photos that scikit-image ships (cat, coffee, rocket, textures and the like). The
demo's person is in none of them; `build.json` holds the figures of that check.

Rebuild it, resumably, in at most two hours on two cores:

    .envs/core/bin/python -m tools.build_base --out FOLDER --work SCRATCH_FOLDER
"""


def write_base(
    out: Path,
    autoencoder: AutoencoderKL,
    scaling_factor: float,
    denoiser: Denoiser,
    tokenizer: CLIPTokenizer,
) -> None:
    """Write the folder in half precision with the real classes' configs."""
    autoencoder.register_to_config(scaling_factor=scaling_factor)
    scheduler = EulerDiscreteScheduler(
        num_train_timesteps=1000, prediction_type="epsilon", steps_offset=1, **BETAS
    )
    pipeline = StableDiffusionPipeline(
        vae=autoencoder,
        text_encoder=denoiser.text_encoder,
        tokenizer=tokenizer,
        unet=denoiser.unet,
        scheduler=scheduler,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.to(torch.float16)
    pipeline.save_pretrained(out, safe_serialization=True)
    write_text(out / "LICENSE.md", LICENCE)


def write_figures(out: Path, figures: dict[str, Any]) -> None:
    """Write `build.json`: how the base was made and what the checks measured."""
    versions = {name: version(name) for name in PACKAGES}
    write_text(out / "build.json", json.dumps({**figures, "versions": versions}, indent=1) + "\n")

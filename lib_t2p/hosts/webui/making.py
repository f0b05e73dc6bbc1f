"""A request as a job of the WebUI: txt2img, hires fix or img2img."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from PIL import Image

from lib_t2p.errors import PaintingError
from lib_t2p.hosts.webui import models
from lib_t2p.hosts.webui.extension_scripts import attach_scripts
from lib_t2p.hosts.webui.vaes import vae_setting
from lib_t2p.painting import CellRequest, StartPicture
from lib_t2p.pictures import open_picture

CROP_AND_RESIZE = 1
"""`resize_mode` of img2img."""


def make_job(request: CellRequest) -> Any:
    """Make what `processing.process_images` takes; close it afterwards.

    Raises:
        PaintingError: the start picture or an extension is gone.
    """
    from modules import processing

    given = _common(request)
    if request.start:
        job = processing.StableDiffusionProcessingImg2Img(
            init_images=[_opened(request.start)],
            resize_mode=CROP_AND_RESIZE,
            denoising_strength=request.start.denoising,
            **given,
        )
    else:
        kind = processing.StableDiffusionProcessingTxt2Img
        hires = _hires(request)
        if hires and hasattr(kind, "hr_additional_modules"):
            # Forge looks into this list and stumbles when there is none.
            hires["hr_additional_modules"] = ["Use same choices"]
        job = kind(**given, **hires)
    attach_scripts(job, request)
    return job


def start_faults(request: CellRequest) -> list[str]:
    """Why a request cannot begin where it is to."""
    if request.start is None:
        return []
    faults = (
        ["Hires fix is for txt2img: leave it out with a start picture."] if request.hires else []
    )
    try:
        _opened(request.start)
    except PaintingError as error:
        faults.append(str(error))
    return faults


def _common(request: CellRequest) -> dict[str, Any]:
    settings = {
        "sd_model_checkpoint": models.checkpoint_title(Path(request.checkpoint)),
        "CLIP_stop_at_last_layers": request.clip_skip,
        **vae_setting(request.vae),
    }
    return {
        "prompt": request.prompt,
        "negative_prompt": request.negative_prompt,
        "seed": request.seed,
        "steps": request.steps,
        "sampler_name": request.sampler_name,
        "cfg_scale": request.cfg_scale,
        "width": request.width,
        "height": request.height,
        "do_not_save_samples": True,
        "do_not_save_grid": True,
        "override_settings": settings,
    }


def _hires(request: CellRequest) -> dict[str, Any]:
    if request.hires is None:
        return {}
    return {
        "enable_hr": True,
        "hr_scale": request.hires.scale,
        "hr_upscaler": request.hires.upscaler,
        "hr_second_pass_steps": request.hires.steps,
        "denoising_strength": request.hires.denoising,
    }


def _opened(start: StartPicture) -> Image.Image:
    path = Path(start.path)
    try:
        if hashlib.sha256(path.read_bytes()).hexdigest() != start.print:
            raise PaintingError(
                f"The picture {path.name} was changed since it was chosen: choose it again."
            )
        with open_picture(path) as opened:
            picture: Image.Image = opened.convert("RGB")
            return picture
    except (OSError, SyntaxError, ValueError) as error:
        raise PaintingError(
            f"The picture {path} to begin with cannot be read: choose another one."
        ) from error

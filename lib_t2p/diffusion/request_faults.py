"""All that keeps our painter from painting a request, found before anything is loaded."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from lib_t2p.diffusion.families import recognise
from lib_t2p.diffusion.lora_files import LoraFiles
from lib_t2p.diffusion.samplers import find_sampler
from lib_t2p.diffusion.starting_points import UPSCALERS, open_start
from lib_t2p.errors import CheckpointError, LoraError, PaintingError
from lib_t2p.lora import check_family
from lib_t2p.painting import (
    CellRequest,
    HiresFix,
    hires_size,
    hypernetworks,
    split_lora_tags,
    without_tags,
)
from lib_t2p.plurals import counted

MAX_SIDE = 4096
_EDITING = re.compile(r"(?<!\\)\[[^\[\]]*:\s*\d*\.?\d+\s*\]|(?<!\\)\[[^\[\]]*\|[^\[\]]*\]")
_AND = re.compile(r"\bAND\b")


def request_faults(request: CellRequest, files: LoraFiles) -> list[str]:
    """List the faults of a request, one sentence each; empty when it can be painted.

    Args:
        request: one picture.
        files: LoRAs that its tags may name.
    """
    faults = [
        *_number_faults(request),
        *_caught(lambda: find_sampler(request.sampler_name)),
        *_caught(lambda: recognise(Path(request.checkpoint))),
    ]
    for prompt in (request.prompt, request.negative_prompt):
        faults += _prompt_faults(without_tags(prompt))
    faults += [
        f"Our painter knows no hypernetworks: take <hypernet:{name}> out, or paint in the WebUI."
        for name in hypernetworks(request.prompt)
    ]
    return faults + _lora_faults(request, files) + _later_faults(request)


def _later_faults(request: CellRequest) -> list[str]:
    """What only the WebUI can do, and second passes that cannot be."""
    faults = [
        f"{call.title} takes part, which is an extension of the WebUI: open the WebUI, so that it "
        "paints, or leave it out."
        for call in request.scripts
    ]
    if request.vae not in ("", "None", "Automatic"):
        faults.append(
            f"Our painter paints with the checkpoint's own VAE: take {request.vae} out, or paint "
            "in the WebUI."
        )
    if request.hires:
        faults += _hires_faults(request, request.hires)
    if request.start:
        if not 0 <= request.start.denoising <= 1:
            faults.append(f"Denoising {request.start.denoising:g}: choose 0 to 1.")
        faults += _caught(partial(open_start, request.start, 8, 8))
    return faults


def _hires_faults(request: CellRequest, hires: HiresFix) -> list[str]:
    width, height = hires_size(request)
    checks: list[tuple[bool, str]] = [
        (1 < hires.scale <= 4, f"Hires scale {hires.scale:g}: choose above 1, up to 4."),
        (0 <= hires.steps <= 150, f"{hires.steps} hires steps: choose 0 to 150."),
        (0 <= hires.denoising <= 1, f"Hires denoising {hires.denoising:g}: choose 0 to 1."),
        (max(width, height) <= MAX_SIDE, f"{width}x{height} after hires fix is too large."),
        (
            hires.upscaler in UPSCALERS,
            f"Our painter does not know the upscaler {hires.upscaler!r}: choose one of "
            f"{', '.join(UPSCALERS)}, or paint in the WebUI.",
        ),
        (request.start is None, "Hires fix is for txt2img: leave it out with a start picture."),
    ]
    return [sentence for fine, sentence in checks if not fine]


def _number_faults(request: CellRequest) -> list[str]:
    checks: list[tuple[bool, str]] = [
        (
            all(
                8 <= side <= MAX_SIDE and side % 8 == 0 for side in (request.width, request.height)
            ),
            f"{request.width}x{request.height} is no possible size: width and height must be "
            f"multiples of 8 up to {MAX_SIDE}.",
        ),
        (1 <= request.steps <= 150, f"{counted(request.steps, 'step')}: choose 1 to 150."),
        (1 <= request.cfg_scale <= 30, f"CFG scale {request.cfg_scale:g}: choose 1 to 30."),
        (1 <= request.clip_skip <= 12, f"Clip skip {request.clip_skip}: choose 1 to 12."),
        (0 <= request.seed < 2**32, f"Seed {request.seed}: choose 0 to {2**32 - 1}."),
    ]
    return [sentence for fine, sentence in checks if not fine]


def _prompt_faults(prompt: str) -> list[str]:
    faults = []
    if _EDITING.search(prompt):
        faults.append(
            "Our painter does not change the prompt while it paints, as [from:to:when] and [a|b] "
            "ask for: take them out, or paint in the WebUI."
        )
    if _AND.search(prompt):
        faults.append("Our painter knows no AND between prompts: take it out, or write `and`.")
    return faults


def _lora_faults(request: CellRequest, files: LoraFiles) -> list[str]:
    try:
        _, tags = split_lora_tags(request.prompt)
    except PaintingError as error:
        return [str(error)]
    return [fault for stem, _ in tags for fault in _one_lora(stem, request.checkpoint, files)]


def _one_lora(stem: str, checkpoint: str, files: LoraFiles) -> list[str]:
    faults = _caught(partial(files.check, stem))
    try:
        family = recognise(Path(checkpoint))
    except CheckpointError:
        # Told of the checkpoint already.
        return faults
    return faults or _caught(lambda: check_family(files.find(stem), family.key_names))


def _caught(check: Callable[[], object]) -> list[str]:
    try:
        check()
    except (CheckpointError, LoraError, PaintingError) as error:
        return [str(error)]
    return []

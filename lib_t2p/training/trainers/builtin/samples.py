"""Sample images while training."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from lib_t2p.errors import InputError
from lib_t2p.files import whole_file
from lib_t2p.jobs.reporter import Reporter
from lib_t2p.painting.request import CellRequest
from lib_t2p.training.settings import Settings
from lib_t2p.training.trainers.builtin.session import Session

SAMPLERS = {
    "ddim": "DDIM",
    "pndm": "PLMS",
    "lms": "LMS",
    "euler": "Euler",
    "euler_a": "Euler a",
    "heun": "Heun",
    "dpmsolver++": "DPM++ 2M",
}
"""sd-scripts' name -> the WebUI's."""

_MARK = re.compile(r"\s--(?=[nwhdls]\s)")
_NUMBERS: dict[str, tuple[str, type]] = {
    "w": ("width", int),
    "h": ("height", int),
    "d": ("seed", int),
    "s": ("steps", int),
    "l": ("cfg_scale", float),
}


def read_prompts(settings: Settings, checkpoint: str) -> list[CellRequest]:
    """Read sample prompts: a file's lines, or the lines themselves; `#` starts a comment.

    Raises:
        InputError: a number in a line is none; names the line.
    """
    text = settings.sample_prompts
    if text and "\n" not in text and len(text) < 1000 and Path(text).is_file():
        text = Path(text).read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines()]
    width, height = settings.size
    base = CellRequest(
        prompt="",
        seed=settings.seed or 0,
        checkpoint=checkpoint,
        width=width,
        height=height,
        steps=20,
        cfg_scale=7.5,
        sampler_name=SAMPLERS[settings.sample_sampler],
        clip_skip=settings.clip_skip or 1,
    )
    return [_request(line, base) for line in lines if line and not line.startswith("#")]


def _request(line: str, base: CellRequest) -> CellRequest:
    prompt, *marked = _MARK.split(line)
    changes: dict[str, Any] = {"prompt": prompt.strip()}
    for part in marked:
        letter, _, value = part.partition(" ")
        if letter == "n":
            changes["negative_prompt"] = value.strip()
            continue
        name, kind = _NUMBERS[letter]
        try:
            changes[name] = kind(value.strip())
        except ValueError as error:
            raise InputError(
                f"The sample prompt {line[:60]!r} has --{letter} {value!r}, which is no number."
            ) from error
    return replace(base, **changes)


def draw_samples(session: Session, epoch: int, reporter: Reporter) -> None:
    """Draw every sample prompt; the training's random numbers stay as they were."""
    from lib_t2p.diffusion.sampling import sample

    requests = read_prompts(session.settings, str(session.checkpoint.path))
    devices = [session.device] if session.device.type == "cuda" else []
    for number, request in enumerate(requests):
        with torch.random.fork_rng(devices=devices), torch.no_grad(), session.autocast():
            picture = sample(session.checkpoint, request)
        path = session.folder.samples / f"e{epoch:02d}_{number:02d}.png"
        with whole_file(path) as partial:
            picture.save(partial, format="PNG")
        reporter.image(str(path), f"epoch {epoch}: {request.prompt}")

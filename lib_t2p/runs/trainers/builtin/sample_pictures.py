"""Sample images while training."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch

from lib_t2p.files import whole_file
from lib_t2p.jobs.events import Reporter
from lib_t2p.painting import CellRequest
from lib_t2p.runs.trainers.builtin.session import Session
from lib_t2p.settings import Settings, filled, parsed_line, prompt_lines, prompt_path, prompt_text

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

_FIELDS = {"w": "width", "h": "height", "d": "seed", "s": "steps", "l": "cfg_scale"}


def read_prompts(
    settings: Settings, checkpoint: str, person: tuple[str, str] = ("", "")
) -> list[CellRequest]:
    """Read sample prompts: a file's lines, or the lines themselves; `#` starts a comment.

    Args:
        settings: of the run.
        checkpoint: that draws.
        person: token and class word, for prompts that leave room for them.

    Raises:
        InputError: a number in a line is none; names the line. Or the file cannot be read.
    """
    text = settings.sample_prompts
    path = prompt_path(text)
    if path is not None:
        text = prompt_text(path)
    text = filled(text, *person)
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
    return [_request(line, base) for line in prompt_lines(text)]


def _request(line: str, base: CellRequest) -> CellRequest:
    prompt, negative, numbers = parsed_line(line)
    changes: dict[str, Any] = {_FIELDS[letter]: number for letter, number in numbers.items()}
    if negative is not None:
        changes["negative_prompt"] = negative
    made = replace(base, prompt=prompt, **changes)
    # As sd-scripts does.
    width, height = (max(8, side - side % 8) for side in (made.width, made.height))
    return replace(made, width=width, height=height, steps=max(1, min(1000, made.steps)))


def draw_samples(session: Session, epoch: int, reporter: Reporter) -> None:
    """Draw every sample prompt; the training's random numbers stay as they were."""
    from lib_t2p.diffusion import sample

    requests = read_prompts(
        session.settings,
        str(session.checkpoint.path),
        (session.run.trigger, session.run.class_word),
    )
    devices = [session.device] if session.device.type == "cuda" else []
    for number, request in enumerate(requests):
        with torch.random.fork_rng(devices=devices), torch.no_grad(), session.autocast():
            picture = sample(session.checkpoint, request)
        path = session.folder.samples / f"e{epoch:02d}_{number:02d}.png"
        with whole_file(path) as partial:
            picture.save(partial, format="PNG")
        reporter.image(str(path), f"epoch {epoch}: {request.prompt}")

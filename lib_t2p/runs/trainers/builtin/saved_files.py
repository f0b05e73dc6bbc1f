"""What a training leaves behind while it runs: LoRAs, states, samples."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from lib_t2p.files import whole_file
from lib_t2p.jobs.events import Reporter
from lib_t2p.painting import CellRequest
from lib_t2p.runs.runs import model_stem, saved_models
from lib_t2p.runs.trainers.builtin.session import Session
from lib_t2p.runs.trainers.builtin.training_state import (
    Position,
    last_state,
    read_state,
    restore_random,
    write_state,
)
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


class Keeper:
    """Saves at the steps and epochs that the settings name.

    Args:
        session: what is trained.
        reporter: told of samples.
    """

    def __init__(self, session: Session, reporter: Reporter) -> None:
        self._session = session
        self._reporter = reporter
        self._states = session.folder.model / "state"

    def resume(self) -> Position | None:
        """Take over the run's own last state, else the one that `resume` names; None without.

        Raises:
            TrainerError: the state cannot be read.
            LoraError: it belongs to a LoRA of another shape.
        """
        session = self._session
        own, named = last_state(self._states), session.settings.resume
        if own is None and not named:
            return None
        path = own or Path(named)
        position, body = read_state(path, session.device)
        session.network.load(body["network"], str(path))
        session.optimizer.load_state_dict(body["optimizer"])
        session.scheduler.load_state_dict(body["scheduler"])
        if session.scaler and body.get("scaler"):
            session.scaler.load_state_dict(body["scaler"])
        restore_random(body["random"])
        return position

    def before_first(self) -> None:
        """Draw samples of the bare checkpoint when asked to."""
        if self._session.settings.sample_at_first:
            self._sample(0)

    def after_step(self, position: Position) -> None:
        """Save in mid-epoch every n steps."""
        every = self._session.settings.save_every_n_steps
        if every and position.step % every == 0:
            stem = model_stem(self._session.folder, self._session.run, position.epoch + 1)
            self._write(f"{stem}_s{position.step:06d}", position.epoch + 1, position)

    def after_epoch(self, position: Position) -> None:
        """Save and sample after an epoch; the last one is always saved.

        `position` stands at the start of the next epoch.
        """
        settings, plan = self._session.settings, self._session.plan
        epoch, last = position.epoch, position.epoch >= plan.epochs
        every = settings.save_every_n_epochs
        if last or (every and epoch % every == 0):
            stem = model_stem(self._session.folder, self._session.run, epoch)
            self._write(stem, epoch, position)
            self._remove_old(epoch)
        if settings.sample_every_n_epochs and epoch % settings.sample_every_n_epochs == 0:
            self._sample(epoch)

    def _write(self, stem: str, epoch: int, position: Position) -> None:
        session = self._session
        # A resumed training comes by epochs that were saved already; a file is never replaced.
        if stem not in {model.stem for model in saved_models(session.folder)}:
            session.writer.write(session.network, stem, epoch=epoch, step=position.step)
        if session.settings.save_state:
            keep = session.settings.save_last_n_epochs_state
            write_state(self._states, position, self._state_parts(), keep=keep)

    def _state_parts(self) -> dict[str, Any]:
        session = self._session
        return {
            "network": session.network.tensors(),
            "optimizer": session.optimizer.state_dict(),
            "scheduler": session.scheduler.state_dict(),
            "scaler": session.scaler.state_dict() if session.scaler else None,
        }

    def _remove_old(self, epoch: int) -> None:
        keep = self._session.settings.save_last_n_epochs
        if keep is None:
            return
        for model in saved_models(self._session.folder):
            if model.epoch <= epoch - keep * (self._session.settings.save_every_n_epochs or 1):
                model.path.unlink(missing_ok=True)

    def _sample(self, epoch: int) -> None:
        draw_samples(self._session, epoch, self._reporter)

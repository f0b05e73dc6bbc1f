"""The WebUI as painter: one picture at a time, under its queue lock, as its own txt2img does.

A request becomes a job of txt2img, hires fix or img2img. The checkpoint that AUTOMATIC1111 loads by
itself at its start is waited for."""

from __future__ import annotations

import hashlib
import io
import logging
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from PIL import Image

from lib_t2p.diffusion import recognise
from lib_t2p.errors import CheckpointError, LoraError, PaintingError, StopRequested
from lib_t2p.hosts.webui import models
from lib_t2p.hosts.webui.extension_scripts import attach_scripts, script_faults
from lib_t2p.hosts.webui.forks import this_fork
from lib_t2p.lora import FamilyName, check_family
from lib_t2p.painting import CellRequest, PaintedCell, StartPicture, lora_stems, put_infotext
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
        more = this_fork().hires_of(kind) if request.hires else {}
        job = kind(**given, **_hires(request), **more)
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
        **this_fork().settings_for(request.vae),
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


def await_first_load() -> None:
    """Wait until the WebUI's first checkpoint is loaded; nothing to wait for later, or in Forge.

    AUTOMATIC1111 loads it in a thread of its own, under a lock that only those take who ask for
    the model first. Choosing another checkpoint meanwhile loads two at once into the same patched
    torch, which fails ("dictionary changed size during iteration") or mixes them.
    """
    from modules import sd_models

    data: Any = getattr(sd_models, "model_data", None)
    lock: Any = getattr(data, "lock", None)
    if lock is None:
        return
    data.get_sd_model()
    with lock:
        # It says that it is loaded a moment before it is.
        return


_log = logging.getLogger(__name__)
OnStep = Callable[[int, int], None]


class WebuiPainter:
    """Paints with the WebUI's own models and samplers.

    Args:
        name: of the WebUI with its version, which every picture carries.
        on_step: asked between sampling steps; raises `StopRequested` when the job is to stop.
        clock: seconds.
    """

    def __init__(
        self, name: str, on_step: OnStep, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self.name = name
        self._on_step, self._clock = on_step, clock
        self._stop: StopRequested | None = None
        self._painting = False

    def faults(self, requests: list[CellRequest]) -> list[str]:
        """Name what the WebUI would leave out without a word, or could not load."""
        loras = models.known_loras(refresh=True)
        return list(dict.fromkeys(f for r in requests for f in _faults(r, loras)))

    def paint(self, request: CellRequest) -> PaintedCell:
        """Paint one picture once the WebUI's queue is free.

        Raises:
            PaintingError: the WebUI gave no picture.
            StopRequested: the job is to stop, or a person pressed Interrupt.
        """
        from modules import call_queue, shared

        with call_queue.queue_lock:
            started = self._clock()
            self._stop, self._painting = None, True
            shared.state.begin(job="Text to Person")
            try:
                picture, infotext = _txt2img(request)
                interrupted = bool(shared.state.interrupted)
            finally:
                self._painting = False
                shared.state.end()
                # The WebUI's own calls do this behind themselves; a later one must not see it.
                shared.state.interrupted = False
                shared.total_tqdm.clear()
        if self._stop is not None:
            raise self._stop
        if interrupted:
            raise StopRequested("Interrupted in the WebUI; painted cells stay.")
        buffer = io.BytesIO()
        picture.save(buffer, "PNG")
        png = put_infotext(buffer.getvalue(), infotext)
        return PaintedCell(png, infotext, self._clock() - started)

    def unload(self) -> None:
        """Nothing to drop: the checkpoint is the WebUI's, and goes when a run asks for it."""

    def between_steps(self, done: int, total: int) -> None:
        """Let the WebUI end the picture at hand when the job is to stop."""
        from modules import shared

        if not self._painting:
            return
        try:
            self._on_step(done, total)
        except StopRequested as stop:
            self._stop = stop
            shared.state.interrupt()


def _txt2img(request: CellRequest) -> tuple[Any, str]:
    from modules import processing

    await_first_load()
    this_fork().keep_settings()
    with closing(make_job(request)) as job:
        try:
            done = processing.process_images(job)
        except Exception as error:
            # The WebUI, or an extension in it: such as a picture of which nothing is a number.
            _log.exception("painting a picture")
            raise PaintingError(
                f"The WebUI could not paint this picture ({type(error).__name__}: {error}): see "
                "its log, or leave out what is unusual in the request."
            ) from error
    if not done.images:
        raise PaintingError("The WebUI gave no picture: see its log for the reason.")
    return done.images[0], str(done.infotexts[0])


def _faults(request: CellRequest, loras: dict[str, Path]) -> list[str]:
    key_names: FamilyName | None = None
    try:
        base = Path(request.checkpoint)
        key_names = recognise(base).key_names
        faults = _unlisted(base)
    except CheckpointError as error:
        # The rest is looked at all the same: a person wants to hear of everything at once.
        faults = [str(error)]
    faults += [
        *this_fork().vae_faults(request.vae),
        *script_faults(request),
        *start_faults(request),
    ]
    stems = lora_stems(request.prompt)
    return faults + [fault for stem in stems for fault in _lora_faults(stem, loras, key_names)]


def _unlisted(base: Path) -> list[str]:
    if models.checkpoint_title(base) is not None:
        return []
    return [
        f"The WebUI does not list the checkpoint {base.name}: put it into its checkpoint "
        "folder and refresh the list."
    ]


def _lora_faults(stem: str, loras: dict[str, Path], key_names: FamilyName | None) -> list[str]:
    if stem not in loras:
        return [f"The WebUI does not know the LoRA {stem!r}: refresh its list of LoRAs."]
    if key_names is None:
        return []
    try:
        check_family(loras[stem], key_names)
    except LoraError as error:
        return [str(error)]
    return []

"""Asking the open WebUI for its upscalers and its interrogator."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lib_t2p.dataset import (
    SUBJECT,
    Describer,
    Enlarged,
    Enlarger,
    PlannedCrop,
    draw_crop,
    with_lanczos,
)
from lib_t2p.dataset.captions import neutral_sentence
from lib_t2p.errors import InputError, PhotoError
from lib_t2p.jobs import Heartbeats, HostRequests, JobContext, What
from lib_t2p.vision import Picture
from lib_t2p.vision.photo_files import OpenedPhoto, open_photo, save_png

LIMIT_SECONDS = 180.0
"""For one picture; the WebUI may be at a picture of its own, or load a model first."""
POLL_SECONDS = 0.2


class HostHelp:
    """Questions to the open WebUI.

    Args:
        context: of the job that needs help.
        limit: seconds to wait for one answer.
        sleep: waits.
    """

    def __init__(
        self,
        context: JobContext,
        limit: float = LIMIT_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._context, self._limit, self._sleep = context, limit, sleep
        self._requests = HostRequests(context.workspace, context.clock)
        self._told: set[str] = set()

    @property
    def is_there(self) -> bool:
        """Whether a WebUI is open."""
        return bool(Heartbeats(self._context.workspace, self._context.clock).living("host"))

    def enlarger(self, upscaler: str) -> Enlarger:
        """Draws with an upscaler of the WebUI; what goes wrong is told, and Lanczos does it."""

        def enlarge(opened: OpenedPhoto, planned: PlannedCrop) -> Enlarged:
            if planned.enlarging <= 1.0:
                return with_lanczos(opened, planned)
            try:
                return Enlarged(self._upscaled(opened, planned, upscaler), upscaler)
            except (InputError, PhotoError) as error:
                self._tell(f"{error} Pictures are enlarged by Lanczos instead.")
                return with_lanczos(opened, planned)

        return enlarge

    def describer(self) -> Describer:
        """Describes pictures with the WebUI's interrogator.

        Raises:
            InputError: no WebUI is open; and when called, that it gave no answer.
        """
        if not self.is_there:
            raise InputError("No WebUI is open that could describe pictures: open it first.")

        def describe(picture: Picture) -> str:
            with self._files() as (source, target):
                save_png(picture, source)
                self._ask("interrogate", {"source": str(source), "target": str(target)})
                said = target.read_text(encoding="utf-8")
            # Behind the sentence come artists and styles, which are guesses.
            return neutral_sentence(said.split(",")[0].strip(), SUBJECT)

        return describe

    def _upscaled(self, opened: OpenedPhoto, planned: PlannedCrop, upscaler: str) -> Picture:
        if not self.is_there:
            raise InputError(f"No WebUI is open whose upscaler {upscaler} could be used.")
        width, height = planned.size
        native = (max(1, round(planned.crop.side)), max(1, round(planned.crop.height)))
        with self._files() as (source, target):
            save_png(draw_crop(opened.picture, opened.scale, planned.crop, native), source)
            details = {"width": width, "height": height, "upscaler": upscaler}
            self._ask("upscale", {"source": str(source), "target": str(target), **details})
            larger = open_photo(target).picture
        if larger.shape[:2] != (height, width):
            raise InputError(f"The WebUI's upscaler {upscaler} gave a picture of another size.")
        return larger

    def _ask(self, what: What, details: Mapping[str, Any]) -> None:
        asked = self._requests.ask(what, details)
        asked_at = self._context.clock()
        # The clock may be put back meanwhile.
        while abs(self._context.clock() - asked_at) < self._limit:
            self._context.check_stop()
            found = self._requests.read(asked)
            if found is None or found.answered is not None:
                if found is not None and found.answer:
                    raise InputError(found.answer)
                return
            self._sleep(POLL_SECONDS)
        raise InputError(f"The WebUI gave no answer within {self._limit:.0f} s.")

    @contextmanager
    def _files(self) -> Iterator[tuple[Path, Path]]:
        root = self._context.workspace.cache / "host_help"
        root.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=root) as folder:
            yield Path(folder) / "source.png", Path(folder) / "result.png"

    def _tell(self, sentence: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            self._context.warning(sentence)

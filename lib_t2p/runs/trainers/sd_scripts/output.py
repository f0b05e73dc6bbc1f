"""What sd-scripts prints, turned into events."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

from lib_t2p.jobs.events import Event, Metric, Phase, Progress
from lib_t2p.runs.trainers.sd_scripts.bars import Bar, read_bar
from lib_t2p.runs.trainers.sd_scripts.rich_text import Joiner, pieces

LOADING, CACHING, TRAINING = "loading the checkpoint", "caching latents", "training"
SAMPLING = "drawing samples"

_PHASES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^(INFO )?loading model for process|^(INFO )?load StableDiffusion"), LOADING),
    (re.compile(r"^(INFO )?caching latents"), CACHING),
    (re.compile(r"^(INFO )?caching (Text Encoder|text encoder) outputs"), "caching texts"),
    (re.compile(r"^running training"), TRAINING),
    (re.compile(r"^(INFO )?generating sample images"), SAMPLING),
)
_FACTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^\s*num batches per epoch\b.*?(\d+)\s*$"), "batches_per_epoch"),
    (re.compile(r"^\s*num epochs\b.*?(\d+)\s*$"), "epochs"),
    (re.compile(r"^\s*total optimization steps\b.*?(\d+)\s*$"), "steps"),
    (re.compile(r"^\s*num train images\b.*?(\d+)\s*$"), "train_images"),
    (re.compile(r"^\s*num reg images\b.*?(\d+)\s*$"), "reg_images"),
)
_EPOCH = re.compile(r"^epoch (\d+)/(\d+)\s*$")


class SdOutput:
    """Reads one process of sd-scripts.

    Args:
        steps_before: optimizer steps of the run that were done before this process.
        steps_total: of the whole run; 0 when only this process knows.
        epochs_before: added to the epochs that are printed, where they count from 1 again.
        clock: Unix seconds.

    Attributes:
        facts: numbers that were printed: train_images, reg_images, batches_per_epoch, epochs,
            steps.
        step: optimizer steps of the run that are done.
    """

    def __init__(
        self,
        steps_before: int = 0,
        steps_total: int = 0,
        epochs_before: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.facts: dict[str, int] = {}
        self.step = steps_before
        self._before = steps_before
        self._total = steps_total
        self._epochs_before = epochs_before
        self._epoch: int | None = None
        self._clock = clock
        self._joiners = (Joiner(), Joiner())
        self._phase = ""
        self._shown = False

    def feed(self, text: str) -> list[Event]:
        """Take more of stdout, in whole lines."""
        return self._take(text, self._joiners[0])

    def feed_errors(self, text: str) -> list[Event]:
        """Take more of stderr, in whole lines."""
        return self._take(text, self._joiners[1])

    def _take(self, text: str, joiner: Joiner) -> list[Event]:
        events: list[Event] = []
        for piece in pieces(text):
            for line in joiner.take(piece):
                events += self._line(line)
        return events

    def _line(self, line: str) -> Iterator[Event]:
        bar = read_bar(line)
        if bar:
            yield from self._bar(bar)
            return
        for pattern, name in _FACTS:
            found = pattern.match(line)
            if found:
                self.facts[name] = int(found[1])
        epoch = _EPOCH.match(line)
        if epoch:
            self._epoch = self._epochs_before + int(epoch[1])
            return
        for pattern, phase in _PHASES:
            if pattern.match(line):
                yield from self._enter(phase)

    def _bar(self, bar: Bar) -> Iterator[Event]:
        now = self._clock()
        if bar.label == "steps":
            entered = list(self._enter(TRAINING))
            step = self._before + bar.done
            again, self.step = step == self.step and self._shown, step
            self._shown = True
            yield from entered
            if entered or not again:
                total = self._total or self._before + bar.total
                left = bar.seconds_left
                yield Progress(now, min(step, total), total, "step", left, self._epoch)
            # A step is shown twice; the first time still with the average of the step before.
            if again and bar.loss is not None:
                yield Metric(now, "loss/average", step, bar.loss)
        elif not bar.label and self._phase == CACHING:
            yield Progress(now, bar.done, bar.total, "picture", bar.seconds_left)

    def _enter(self, phase: str) -> Iterator[Event]:
        if phase != self._phase:
            self._phase = phase
            yield Phase(self._clock(), phase)

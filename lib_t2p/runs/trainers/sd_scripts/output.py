"""What sd-scripts prints, progress bars of tqdm among it, turned into events."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lib_t2p.jobs.events import Event, Metric, Phase, Progress
from lib_t2p.runs.trainers.sd_scripts.rich_text import Joiner, pieces

_BAR = re.compile(
    r"^\s*(?:(?P<label>[^\d|%][^|%]*?):\s+)?\d{1,3}%\|[^|]*\|\s*(?P<done>\d{1,12})/(?P<total>\d{1,12})"
    r" \[(?P<spent>[\d:]+)<(?P<left>\d{1,9}(?::\d{1,9}){0,3}|\?),"
    r"\s*(?P<pace>\d{1,12}(?:\.\d{0,9})?|\?)(?P<unit>s/it|it/s)"
    r"(?P<rest>[^\]]*)"
)
_LOSS = re.compile(r"avr_loss=(?P<loss>[-+\w.]+)")


@dataclass(frozen=True)
class Bar:
    """One look at a progress bar.

    Attributes:
        label: before the colon, such as `steps`; empty when there is none.
        done: of `total`.
        total: steps of this bar.
        seconds_left: as tqdm tells it; None while unknown.
        seconds_per_step: average over the bar so far; None while unknown.
        loss: average loss; None when the bar shows none. May be no number (`nan`).
    """

    label: str
    done: int
    total: int
    seconds_left: float | None
    seconds_per_step: float | None
    loss: float | None


def read_bar(line: str) -> Bar | None:
    """Read the bar at the begin of a line, whatever is glued behind it; None when there is none."""
    found = _BAR.match(line)
    if found is None:
        return None
    return Bar(
        label=found["label"] or "",
        done=int(found["done"]),
        total=int(found["total"]),
        seconds_left=_clock(found["left"]),
        seconds_per_step=_pace(found["pace"], found["unit"]),
        loss=_loss(found["rest"]),
    )


def _clock(text: str) -> float | None:
    """Seconds of `5`, `01:05`, `1:01:05`; tqdm writes days as more hours."""
    if text == "?":
        return None
    seconds = 0
    for part in text.split(":"):
        seconds = 60 * seconds + int(part or 0)
    return float(seconds)


def _pace(text: str, unit: str) -> float | None:
    if text == "?" or float(text) == 0.0:
        return None
    return float(text) if unit == "s/it" else 1.0 / float(text)


def _loss(text: str) -> float | None:
    found = _LOSS.search(text)
    try:
        return float(found["loss"]) if found else None
    except ValueError:
        return None


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
    (re.compile(r"^\s*num batches per epoch\b.*?(\d{1,12})\s*$"), "batches_per_epoch"),
    (re.compile(r"^\s*num epochs\b.*?(\d{1,12})\s*$"), "epochs"),
    (re.compile(r"^\s*total optimization steps\b.*?(\d{1,12})\s*$"), "steps"),
    (re.compile(r"^\s*num train images\b.*?(\d{1,12})\s*$"), "train_images"),
    (re.compile(r"^\s*num reg images\b.*?(\d{1,12})\s*$"), "reg_images"),
)
_EPOCH = re.compile(r"^epoch (\d{1,12})/(\d{1,12})\s*$")


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

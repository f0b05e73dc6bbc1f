"""Handing the events of a trainer to the reporter of its job, and how fast it goes."""

from __future__ import annotations

import statistics
from collections import deque
from collections.abc import Sequence

from lib_t2p.jobs.events import (
    Event,
    Failed,
    Finished,
    Image,
    Metric,
    Phase,
    Progress,
    Reporter,
    Warned,
)
from lib_t2p.runs.runs import SavedModel, saved_models
from lib_t2p.runs.supervision.guard import Guard
from lib_t2p.runs.supervision.kept_state import Memory
from lib_t2p.workspace import RunFolder

KEPT = 20
"""So many looks back count for the pace of now."""


class Pace:
    """Seconds per step, from looks at the step that a training has reached.

    Several steps may pass between two looks, or none; what was read at once after a pause, as
    when a trainer is adopted, is one look.
    """

    def __init__(self) -> None:
        self._last: tuple[float, int] | None = None
        self._seconds: deque[float] = deque(maxlen=KEPT)

    def look(self, seconds: float, step: int) -> float | None:
        """Take a look.

        Args:
            seconds: Unix seconds of the look.
            step: reached.

        Returns:
            Seconds per step since the last look; None when no step passed, or at the first look.
        """
        before, self._last = self._last, (seconds, step)
        if before is None or step < before[1]:
            return None
        if step == before[1]:
            self._last = before
            return None
        pace = max(seconds - before[0], 0.0) / (step - before[1])
        self._seconds.append(pace)
        return pace

    def pause(self) -> None:
        """What passes until the next step is no training, such as a sample image."""
        self._last = None

    @property
    def now(self) -> float | None:
        """Median seconds per step of the last looks; None before the second."""
        return statistics.median(self._seconds) if self._seconds else None


PACE_TAG = "time/seconds_per_step"


class Teller:
    """Tells each event once, and keeps where the training stands.

    Args:
        folder: of the run.
        reporter: told everything.
        memory: of the run.
        guard: shown numbers and pace.

    Attributes:
        finished: the trainer said that the last LoRA is in place.
        failed: it said that it failed.
        step: optimizer steps done.
        total: of the run; 0 while unknown.
        pace: of now.
    """

    def __init__(
        self,
        folder: RunFolder,
        reporter: Reporter,
        memory: Memory,
        guard: Guard,
    ) -> None:
        self.finished = bool(memory.get("finished", False))
        self.step = int(memory.get("step", 0))
        self.total = int(memory.get("total", 0))
        self.pace = Pace()
        self._names: set[str] = set()
        self._models: list[SavedModel] = []
        self._folder = folder
        self._reporter = reporter
        self._memory = memory
        self._guard = guard

    def tell(self, events: Sequence[Event], *, timed: bool) -> None:
        """Tell events.

        Args:
            events: in their order.
            timed: they happened since the last look; not, when a trainer was just adopted.
        """
        steps = [e for e in events if isinstance(e, Progress) and e.unit == "step"]
        for event in events:
            self._one(event)
        if any(isinstance(event, Phase) for event in events):
            self.pace.pause()
        if steps:
            self._reached(steps[-1], timed=timed)

    def models(self) -> list[SavedModel]:
        """Announce saved models that are whole and new; gives all of them."""
        names = {path.name for path in self._folder.model.glob("*.safetensors")}
        if names == self._names:
            return self._models
        models = saved_models(self._folder)
        # A file that is not whole yet is looked at again.
        self._names = {model.path.name for model in models}
        self._models = models
        told = list(self._memory.get("told", []))
        for model in models:
            if model.stem not in told:
                told.append(model.stem)
                self._reporter.saved(str(model.path), model.epoch, model.step)
        self._memory.keep(told=told)
        return models

    def _one(self, event: Event) -> None:
        if isinstance(event, Progress):
            self._reporter.progress(
                event.done,
                event.total,
                event.unit,
                seconds_left=self._left(event),
                epoch=event.epoch,
            )
        elif isinstance(event, Metric):
            self._guard.metric(event.tag, event.step, event.value, event.t)
            self._reporter.metric(event.tag, event.step, event.value)
        elif isinstance(event, Phase):
            self._reporter.phase(event.name)
        elif isinstance(event, Image):
            self._reporter.image(event.path, event.caption)
        elif isinstance(event, Warned):
            self._reporter.warning(event.message)
        elif isinstance(event, (Finished, Failed)):
            self.finished = isinstance(event, Finished)
            self._memory.keep(finished=self.finished)

    def _left(self, event: Progress) -> float | None:
        if event.seconds_left is not None or event.unit != "step" or not event.total:
            return event.seconds_left
        pace = self.pace.now
        return pace * max(event.total - event.done, 0) if pace is not None else None

    def _reached(self, event: Progress, *, timed: bool) -> None:
        self.step, self.total = event.done, event.total
        if not timed:
            self.pace.pause()
        seconds = self.pace.look(event.t, event.done)
        if seconds is not None:
            self._reporter.metric(PACE_TAG, event.done, seconds)
        if self.pace.now is not None:
            self._guard.pace(self.pace.now)
        self._memory.keep(step=self.step, total=self.total, seconds_per_step=self.pace.now)

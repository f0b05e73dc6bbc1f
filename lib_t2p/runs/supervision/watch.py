"""Watching one process of a trainer until it ends or is stopped."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lib_t2p.errors import StopRequested
from lib_t2p.jobs.events import Event, Reporter, Tail
from lib_t2p.jobs.processes import is_alive, stop_tree
from lib_t2p.preflight import visible_gpus
from lib_t2p.runs.adopting import Launched, living
from lib_t2p.runs.runs import Run, SavedModel
from lib_t2p.runs.supervision.event_relay import Teller
from lib_t2p.runs.supervision.guard import Guard
from lib_t2p.runs.supervision.kept_state import Memory
from lib_t2p.runs.supervision.shape import Shape
from lib_t2p.runs.supervision.stopping import outlook
from lib_t2p.runs.trainer import Trainer
from lib_t2p.workspace import RunFolder


class WholeLines:
    """Feeds whole lines of a file to a parser.

    Args:
        tail: of the file.
        feed: takes text of whole lines; a carriage return ends a line too, as in progress bars.
    """

    def __init__(self, tail: Tail, feed: Callable[[str], list[Event]]) -> None:
        self._tail = tail
        self._feed = feed
        self._rest = ""

    @property
    def told(self) -> int:
        """Bytes of the file that were fed to the parser."""
        return self._tail.offset - len(self._rest.encode("utf-8"))

    def new_events(self, *, over: bool) -> list[Event]:
        """Events of all that is new; `over` means that no more comes, so a part line counts."""
        events: list[Event] = []
        while text := self._tail.read_new():
            text = self._rest + text
            cut = max(text.rfind("\n"), text.rfind("\r")) + 1
            self._rest = text[cut:]
            if cut:
                events += self._feed(text[:cut])
        if over and self._rest:
            events += self._feed(self._rest)
            self._rest = ""
        return events


@dataclass(frozen=True)
class Watching:
    """How a process is watched.

    Attributes:
        poll_seconds: time between two looks.
        grace_seconds: time that a stopped process gets to end by itself.
        settle_seconds: so long a stop after a save waits for the training state that belongs to
            the saved model.
        sleep: waits; a test may give its own.
        clock: seconds that do not jump.
        trainers: by name; None takes those of the registry.
        forecast: seconds per step that were forecast; None without a forecast.
        until_epoch: the run is stopped once the model of this epoch (from 1) and its state are
            saved, to be gone on with later; None trains to the end.
    """

    poll_seconds: float = 0.5
    grace_seconds: float = 10.0
    settle_seconds: float = 120.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    trainers: Mapping[str, Trainer] | None = None
    forecast: float | None = None
    until_epoch: int | None = None


class Watch:
    """Follows a launched process; see `to_the_end`.

    Args:
        folder: of the run.
        run: as stored.
        trainer: that was launched.
        launched: its process, which may be dead already; None when its record was lost.
        memory: of the run.
        reporter: told everything.
        watching: how to watch.
    """

    def __init__(
        self,
        folder: RunFolder,
        run: Run,
        trainer: Trainer,
        launched: Launched | None,
        memory: Memory,
        reporter: Reporter,
        watching: Watching,
    ) -> None:
        self._folder = folder
        self._run = run
        self._trainer = trainer
        self._launched = launched
        self._memory = memory
        self._reporter = reporter
        self._watching = watching
        self._attendant = trainer.attendant(folder, run)
        card = visible_gpus({**os.environ, **reporter.device_variables()}) > 0
        self._guard = Guard(
            memory, reporter.warning, Shape(run.settings), watching.forecast, card=card
        )
        self._teller = Teller(folder, reporter, memory, self._guard)
        read, read_errors = int(memory.get("read", 0)), int(memory.get("read_errors", 0))
        self._out = WholeLines(Tail(folder.stdout, read), self._attendant.feed)
        self._err = WholeLines(Tail(folder.stderr, read_errors), self._attendant.feed_errors)
        self._last_word = watching.clock()
        self._looks = 0
        self._stop_from: tuple[int, float] | None = None
        self._reached = 0.0

    @property
    def finished(self) -> bool:
        """The trainer said that its last LoRA is in place."""
        return self._teller.finished

    def to_the_end(self) -> list[SavedModel]:
        """Tell events until the process is over; gives the saved models.

        Raises:
            StopRequested: the person stopped it; the process and its children are gone then.
        """
        try:
            while self._lives():
                self._look(over=False)
                self._reporter.check_stop()
                self._check_stop_after_save()
                self._check_until_epoch()
                self._watching.sleep(self._watching.poll_seconds)
        except StopRequested:
            if self._launched is not None:
                stop_tree(self._launched.process, self._watching.grace_seconds)
            self._look(over=True)
            self._memory.keep(status="stopped")
            raise
        return self._look(over=True)

    def _lives(self) -> bool:
        if self._launched is not None and is_alive(self._launched.process):
            return True
        # What a launcher started may outlive it, as sd-scripts outlives accelerate.
        survivor = living(self._folder, self._trainer.mark(self._folder))
        if survivor is None:
            return False
        self._launched = survivor
        return True

    def _look(self, *, over: bool) -> list[SavedModel]:
        events: list[Event] = []
        for stream in (self._out, self._err):
            events += stream.new_events(over=over)
        events += self._attendant.look(over=over)
        now = self._watching.clock()
        if events:
            self._last_word = now
        self._teller.tell(events, timed=self._looks > 0)
        self._looks += 1
        if not over:
            self._guard.quiet(now - self._last_word, self._teller.pace.now)
        self._memory.keep(
            read=self._out.told,
            read_errors=self._err.told,
            batches_per_epoch=self._attendant.batches_per_epoch(),
        )
        return self._teller.models()

    def _check_stop_after_save(self) -> None:
        if not self._reporter.stop_after_save():
            self._stop_from = None
            return
        newest = max((model.step for model in self._teller.models()), default=0)
        if self._stop_from is None:
            self._stop_from = (newest, 0.0)
            ahead = outlook(self._run, self._memory, self._teller.step, newest)
            self._reporter.warning(ahead.after_save)
        before, since = self._stop_from
        last = self._teller.total and newest >= self._teller.total
        if newest <= before or last or self._teller.finished:
            return
        now = self._watching.clock()
        self._stop_from = (before, since or now)
        if self._settled(newest, since or now):
            raise StopRequested(
                f"Stopped as you asked, after the model of step {newest} was saved."
            )

    def _check_until_epoch(self) -> None:
        wanted = self._watching.until_epoch
        models = [m for m in self._teller.models() if wanted and m.epoch >= wanted]
        newest = max((model.step for model in models), default=0)
        if not newest or newest >= self._teller.total or self._teller.finished:
            return
        self._reached = self._reached or self._watching.clock()
        if self._settled(newest, self._reached):
            raise StopRequested(f"Paused after epoch {wanted}; it can be trained on from there.")

    def _settled(self, step: int, since: float) -> bool:
        """The training state of a saved step is whole too, or was waited for long enough."""
        if not self._run.settings.save_state or self._attendant.state_step() >= step:
            return True
        return self._watching.clock() - since > self._watching.settle_seconds

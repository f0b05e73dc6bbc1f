"""Follows one process of sd-scripts: its output, curves, samples, LoRAs and states.

States are recorded as they become whole."""

from __future__ import annotations

import math
import shutil
import time
from dataclasses import replace
from pathlib import Path

from lib_t2p.curves.scalars import ScalarReader
from lib_t2p.errors import WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.jobs.events import Event, Finished, Metric
from lib_t2p.runs.runs import Run, saved_models
from lib_t2p.runs.trainers.sd_scripts.collecting import Collector
from lib_t2p.runs.trainers.sd_scripts.launches import (
    LaunchFacts,
    read_facts,
    tb_folder,
    write_facts,
)
from lib_t2p.runs.trainers.sd_scripts.output import SdOutput
from lib_t2p.runs.trainers.sd_scripts.resuming import set_aside, steps_per_epoch
from lib_t2p.runs.trainers.sd_scripts.samples import SampleCollector
from lib_t2p.runs.trainers.sd_scripts.states import (
    drop_old_states,
    position_in,
    record_state,
    states,
    written_states,
)
from lib_t2p.workspace import RunFolder


class StateKeeper:
    """Hashes whole states once and keeps the newest of them only.

    Args:
        folder: of the run.
        run: as stored.
    """

    def __init__(self, folder: RunFolder, run: Run) -> None:
        self._folder = folder
        self._keep = max(run.settings.save_last_n_epochs_state or 1, 1)
        self._newest = max((state.step for state in states(folder)), default=0)
        self._sizes: dict[Path, int] = {}

    def newest(self) -> int:
        """Optimizer steps of the newest recorded state; 0 without one."""
        return self._newest

    def look(self, facts: LaunchFacts, *, over: bool) -> None:
        """Record states that are whole and still, then remove the older ones.

        Args:
            facts: of the launch; before it printed its numbers nothing is recorded.
            over: nobody writes any more.

        Raises:
            WorkspaceError: the disk is full.
        """
        if not facts.steps_per_epoch:
            return
        for path, epoch, step in written_states(self._folder):
            done = _steps_in(path, epoch, step, facts)
            if done <= facts.steps_before or not (self._still(path) or over):
                continue
            if record_state(self._folder, path, done) is not None:
                drop_old_states(self._folder, self._keep)
                self._newest = max(self._newest, done)

    def _still(self, path: Path) -> bool:
        size = sum(file.stat().st_size for file in path.iterdir())
        still = self._sizes.get(path) == size
        self._sizes[path] = size
        return still


def _steps_in(path: Path, epoch: int | None, step: int | None, facts: LaunchFacts) -> int:
    """Optimizer steps of the whole run that are done in a state."""
    own = position_in(path)
    if own is not None:
        return facts.own_begin + own
    if step is not None:
        return facts.own_begin + step
    if epoch is not None:
        return (facts.epochs_before + epoch) * facts.steps_per_epoch
    return facts.steps_total


SCHEMA = 1
EPOCH_TAGS = {"loss/epoch": "loss/epoch", "loss/epoch_average": "loss/epoch"}
"""Tags whose step is an epoch -> our tag; the 0.10 line renamed the first."""


class SdAttendant:
    """An `Attendant` of sd-scripts.

    Args:
        folder: of the run.
        run: as stored.
    """

    def __init__(self, folder: RunFolder, run: Run) -> None:
        self._folder = folder
        self._run = run
        self._facts = read_facts(folder) or LaunchFacts()
        self._output = SdOutput(
            self._facts.steps_before, self._facts.steps_total, self._facts.epochs_before
        )
        self._scalars = ScalarReader(tb_folder(folder, self._facts.number))
        self._told = _told(folder, self._facts.number)
        self._samples = SampleCollector(folder, self._facts)
        self._models = Collector(folder, run, self._facts)
        self._states = StateKeeper(folder, run)
        self._done = False
        self._has_curves = False

    def feed(self, text: str) -> list[Event]:
        """Take more of stdout, in whole lines."""
        return self._without_rounded(self._output.feed(text))

    def feed_errors(self, text: str) -> list[Event]:
        """Take more of stderr, in whole lines."""
        return self._without_rounded(self._output.feed_errors(text))

    def look(self, *, over: bool) -> list[Event]:
        """Look at TensorBoard's files, samples, LoRAs and states."""
        self._learn()
        events: list[Event] = [*self._metrics(), *self._samples.collect(over=over)]
        self._models.collect(over=over)
        self._states.look(self._facts, over=over)
        if over:
            set_aside(self._folder, self._run)
        if not self._done and self._models.is_complete():
            self._done = True
            shutil.rmtree(self._folder.trainer / "resume", ignore_errors=True)
            paths = [str(model.path) for model in saved_models(self._folder)]
            events.append(Finished(time.time(), {"models": paths}))
        return events

    def state_step(self) -> int:
        """Optimizer steps of the newest whole training state; 0 without one."""
        return self._states.newest()

    def batches_per_epoch(self) -> int:
        """Optimizer steps of one epoch; 0 while it was not printed."""
        return self._facts.steps_per_epoch

    def _without_rounded(self, events: list[Event]) -> list[Event]:
        """TensorBoard's files hold the losses in full; the bar rounds them to three digits."""
        if not self._has_curves:
            charts = tb_folder(self._folder, self._facts.number)
            self._has_curves = any(charts.rglob("*tfevents*"))
        if not self._has_curves:
            return events
        return [event for event in events if not isinstance(event, Metric)]

    def _learn(self) -> None:
        """Keep what the first launch prints of the whole run."""
        printed = self._output.facts
        if self._facts.steps_per_epoch or not printed.get("steps"):
            return
        batches = printed.get("batches_per_epoch", 0)
        steps = printed["steps"]
        per_epoch = steps_per_epoch(batches, self._run)
        epochs = printed.get("epochs") or (math.ceil(steps / per_epoch) if per_epoch else 0)
        self._facts = replace(
            self._facts, steps_total=steps, epochs_total=epochs, steps_per_epoch=per_epoch
        )
        write_facts(self._folder, self._facts)

    def _is_copy(self, tag: str) -> bool:
        """The 0.10 line writes each learning rate again under the number of its group."""
        return "/group" in tag and "lr/unet" in self._told

    def _metrics(self) -> list[Event]:
        events: list[Event] = []
        before = dict(self._told)
        for scalar in self._scalars.read_new():
            if not scalar.tag.startswith(("loss/", "lr/")) or self._is_copy(scalar.tag):
                continue
            tag, step = scalar.tag, scalar.step + self._facts.own_begin
            if tag in EPOCH_TAGS:
                tag, step = EPOCH_TAGS[tag], scalar.step + self._facts.epochs_before
            if step > self._told.get(tag, -1):
                self._told[tag] = step
                events.append(Metric(scalar.wall_time, tag, step, scalar.value))
        if self._told != before:
            body = {"launch": self._facts.number, "told": self._told}
            write_record(self._folder.trainer / "told.json", SCHEMA, body)
        return events


def _told(folder: RunFolder, number: int) -> dict[str, int]:
    """Tag -> last step that an earlier worker told of this launch."""
    try:
        record = read_record(folder.trainer / "told.json", SCHEMA)
        if record["launch"] != number:
            return {}
        return {str(tag): int(step) for tag, step in record["told"].items()}
    except (WorkspaceError, KeyError, TypeError, ValueError, AttributeError):
        return {}

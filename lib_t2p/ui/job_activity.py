"""What jobs are doing, read from the queue and from new lines of their events only, and how it is
shown: state, progress bar, time left, reason of a failure, warnings.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path

from lib_t2p import jobs
from lib_t2p import jobs as jobs_room
from lib_t2p.jobs import events as events_room
from lib_t2p.ui.markup import Tone, badge, message, progress_bar
from lib_t2p.ui.text import STATE_WORDS, counted, duration
from lib_t2p.workspace import Workspace

FOLLOWED = 32
"""Jobs whose curves are kept; the events of another one are read from their beginning."""


@dataclass(frozen=True)
class MetricCurve:
    """A metric over steps."""

    steps: tuple[int, ...] = ()
    values: tuple[float, ...] = ()


@dataclass(frozen=True)
class Activity:
    """What the events of a job tell.

    Attributes:
        phase: name of the part at work, empty before the first.
        done: of `total` units; `total` 0 means unknown.
        total: units of this phase.
        unit: what is counted, such as `step`.
        pace_from: (Unix seconds, done) when the counting of this phase began.
        last: Unix seconds of the newest event.
        curves: by metric tag.
        images: (path, caption), oldest first.
        warnings: sentences, oldest first, each once.
        epoch: at work, counted from 1; None where the trainer does not tell it.
        told_left: seconds left as the trainer tells them; None where it does not.
    """

    phase: str = ""
    done: int = 0
    total: int = 0
    unit: str = ""
    pace_from: tuple[float, int] | None = None
    last: float = 0.0
    curves: dict[str, MetricCurve] = field(default_factory=dict)
    images: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    epoch: int | None = None
    told_left: float | None = None

    def seconds_left(self) -> float | None:
        """Seconds until `total`: told, else at the pace so far; None while it cannot be told."""
        if self.told_left is not None:
            return self.told_left
        if self.pace_from is None or self.total <= 0:
            return None
        began, at = self.pace_from
        if self.done - at < 2 or self.last <= began:
            return None
        return (self.total - self.done) * (self.last - began) / (self.done - at)


def advance(activity: Activity, events: Sequence[events_room.Event]) -> Activity:
    """Take new events in; a new start forgets the counting but keeps curves and pictures."""
    curves = {tag: (list(c.steps), list(c.values)) for tag, c in activity.curves.items()}
    images = dict(activity.images)
    warnings = dict.fromkeys(activity.warnings)
    now = activity
    for event in events:
        now = replace(now, last=event.t)
        if isinstance(event, events_room.Started):
            now = replace(_recounted(now), phase="")
        elif isinstance(event, events_room.Phase):
            now = replace(_recounted(now), phase=event.name)
        elif isinstance(event, events_room.Progress):
            now = _counted(now, event)
        elif isinstance(event, events_room.Metric):
            _add_point(curves, event)
        elif isinstance(event, events_room.Image):
            images[event.path] = event.caption
        elif isinstance(event, events_room.Warned):
            warnings[event.message] = None
    frozen = {tag: MetricCurve(tuple(x), tuple(y)) for tag, (x, y) in curves.items()}
    return replace(now, curves=frozen, images=tuple(images.items()), warnings=tuple(warnings))


def _recounted(now: Activity) -> Activity:
    return replace(now, done=0, total=0, pace_from=None, epoch=None, told_left=None)


def _counted(now: Activity, event: events_room.Progress) -> Activity:
    same = now.unit == event.unit and now.total == event.total and event.done >= now.done
    began = now.pace_from if same and now.pace_from else (event.t, event.done)
    return replace(
        now,
        done=event.done,
        total=event.total,
        unit=event.unit,
        pace_from=began,
        epoch=event.epoch if event.epoch is not None else now.epoch,
        told_left=event.seconds_left,
    )


def _add_point(curves: dict[str, tuple[list[int], list[float]]], event: events_room.Metric) -> None:
    steps, values = curves.setdefault(event.tag, ([], []))
    # A resumed run tells some steps again: the newer numbers hold.
    while steps and steps[-1] >= event.step:
        steps.pop()
        values.pop()
    steps.append(event.step)
    values.append(event.value)


class JobWatch:
    """Follows the jobs of a workspace for all open pages; safe to call from several threads."""

    def __init__(self, workspace: Workspace, clock: Callable[[], float] = time.time) -> None:
        self.workspace = workspace
        self.clock = clock
        self._readers: OrderedDict[Path, tuple[events_room.EventReader, Activity]] = OrderedDict()
        self._lock = threading.Lock()

    def jobs(self, person: str, kinds: Sequence[str], each: str) -> list[jobs_room.Job]:
        """A person's newest job of each kind for each `each` (run, grid ...), newest first.

        With them what is not over.
        """
        return jobs_room.Queue(self.workspace).newest_of_each(each, person, kinds)

    def newest(self, person: str, kinds: Sequence[str], **about: str) -> jobs_room.Job | None:
        """A person's newest job of these kinds; `about` names what it was submitted with."""
        found = jobs_room.Queue(self.workspace).newest(1, person=person, kind=kinds, about=about)
        return next(iter(found), None)

    def current(self, person: str, kinds: Sequence[str]) -> jobs_room.Job | None:
        """The job at work, else the one that waits longest, else the newest that is over."""
        jobs = jobs_room.Queue(self.workspace).jobs(
            states=jobs_room.ACTIVE, person=person, kind=kinds
        )
        for states in (
            (jobs_room.JobState.RUNNING, jobs_room.JobState.STOPPING),
            (jobs_room.JobState.QUEUED,),
        ):
            at_work = [job for job in jobs if job.state in states]
            if at_work:
                return at_work[0]
        return self.newest(person, kinds)

    def activity(self, job: jobs_room.Job) -> Activity:
        """What the job tells so far; only lines that are new since the last call are read."""
        path = self.workspace.job(job.id).events
        with self._lock:
            reader, known = self._readers.get(path, (events_room.EventReader(path), Activity()))
            events = reader.read_new()
            now = advance(known, events) if events else known
            self._readers[path] = (reader, now)
            self._readers.move_to_end(path)
            while len(self._readers) > FOLLOWED:
                self._readers.popitem(last=False)
        return now


def job_panel(job: jobs.Job, activity: Activity, now: float, note: str = "") -> str:
    """The state of one job.

    Args:
        job: from the queue.
        activity: what its events tell.
        now: Unix seconds.
        note: words behind the title, such as the name of the run.
    """
    title = f"{jobs_room.words_of(job.kind)} {note}".strip()
    head = f'<div class="t2p-job-head"><strong>{escape(title)}</strong>{state_badge(job)}</div>'
    warnings = "".join(message(text, "warn") for text in activity.warnings[-3:])
    return f'<div class="t2p-job">{head}{_body(job, activity, now)}{warnings}</div>'


def state_badge(job: jobs.Job) -> str:
    """The state in a word."""
    word, tone = STATE_WORDS[jobs.JobState(job.state)]
    return badge(word, tone)


def job_title(job: jobs.Job) -> str:
    """What a job does, and to which run, grid, sweep or tag."""
    return f"{jobs_room.words_of(job.kind)} {_what(job)}".strip()


def _body(job: jobs.Job, activity: Activity, now: float) -> str:
    state = jobs.JobState(job.state)
    if state is jobs.JobState.QUEUED:
        return progress_bar(0, 1, "Waiting for its turn: the worker takes it next.")
    if state in (jobs.JobState.RUNNING, jobs.JobState.STOPPING):
        return progress_bar(activity.done, activity.total, _progress_words(activity, state))
    if state is jobs.JobState.FINISHED:
        return f'<p class="t2p-bar-text">{escape(_time_taken(job, now))}</p>'
    tone: Tone = "warn" if state is jobs.JobState.STOPPED else "bad"
    return message(job.reason or "It ended without a reason: see the log of the worker.", tone)


def _progress_words(activity: Activity, state: jobs.JobState) -> str:
    parts = [activity.phase or "starting"]
    if activity.total:
        parts.append(f"{activity.unit} {activity.done} of {activity.total}")
    elif activity.done:
        parts.append(counted(activity.done, activity.unit))
    left = activity.seconds_left()
    if state is jobs.JobState.STOPPING:
        parts.append("stopping, what was saved is kept")
    elif left is not None and activity.done < activity.total:
        parts.append(f"about {duration(left)} left")
    return ", ".join(parts)


def _what(job: jobs.Job) -> str:
    named = (
        job.params.get(name) for name in ("run", "grid", "portraits", "sweep", "tag", "folder")
    )
    found = str(next((name for name in named if name), ""))
    return Path(found).name if found == job.params.get("folder") else found


def _time_taken(job: jobs.Job, now: float) -> str:
    if not job.started:
        return ""
    return duration((job.ended or now) - job.started)

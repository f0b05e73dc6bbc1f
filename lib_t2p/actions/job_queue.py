"""What a person does with the queue: order, pause, time, stop, once more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lib_t2p import jobs
from lib_t2p import jobs as jobs_room
from lib_t2p.errors import InputError, JobError
from lib_t2p.runs.supervision import StopOutlook, stop_outlook
from lib_t2p.workspace import Workspace

FARTHEST = timedelta(days=36525)
"""A century; no clock shows the year 10000."""
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})")


def parse_when(text: str, now: datetime) -> datetime:
    """A moment to come.

    Args:
        text: `22:30` for the next time that the clock shows it, or a day with it as in
            `2026-11-24 22:30`.
        now: with a time zone, in which the text is read.

    Raises:
        InputError: it is no time, or has passed.
    """
    typed = text.strip()
    clock = _CLOCK.fullmatch(typed)
    try:
        if clock:
            at = now.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
            return at if at > now else at + timedelta(days=1)
        moment = datetime.fromisoformat(typed)
    except ValueError:
        raise InputError(
            f"{text!r} is no time: type one such as 22:30, or 2026-11-24 22:30 with the day."
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=now.tzinfo)
    if moment <= now:
        raise InputError(f"{typed} has passed already: type a time to come, such as 22:30.")
    if moment - now > FARTHEST:
        raise InputError(f"{typed} is too far away: type a time such as 22:30.")
    return moment


def clock_text(seconds: float, now: datetime) -> str:
    """A moment in Unix seconds for people: the time, with its day unless that is today."""
    moment = datetime.fromtimestamp(seconds, now.tzinfo)
    return moment.strftime("%H:%M" if moment.date() == now.date() else "%Y-%m-%d %H:%M")


SAVING_KINDS = ("train.run",)
"""Jobs that save on their way, and so may stop after the next save."""
MOST_VIEWED = 1000
"""Jobs of a queue that a shell or a program is shown."""


@dataclass(frozen=True)
class QueueEntry:
    """A job that is not over.

    Attributes:
        job: as it is now.
        place: 1 for what comes next on its kind of device; 0 when it began already.
        waits_for: a phrase that says why it does not begin; empty when only its turn is missing.
    """

    job: jobs_room.Job
    place: int
    waits_for: str


@dataclass(frozen=True)
class QueueView:
    """The queue as a tab or a shell shows it.

    Attributes:
        pause: that holds it, or None.
        entries: what is at work, then what waits, in its order.
        more: how many come behind these.
        notices: sentences about what was repaired or set aside by itself lately.
    """

    pause: jobs_room.Pause | None
    entries: tuple[QueueEntry, ...]
    more: int = 0
    notices: tuple[str, ...] = ()


def view_queue(workspace: Workspace, now: datetime, most: int = MOST_VIEWED) -> QueueView:
    """What is at work and what waits.

    Args:
        workspace: whose queue.
        now: with a time zone, for the times that people read.
        most: jobs that are looked at.
    """
    queue = jobs_room.Queue(workspace)
    in_order = queue.in_order(most)
    active = queue.active_ids()
    pause = jobs.read_pause(workspace, now.timestamp())
    places: dict[str, int] = {}
    entries = []
    for job in in_order:
        if job.started is None:
            places[job.lane] = places.get(job.lane, 0) + 1
        place = places[job.lane] if job.started is None else 0
        entries.append(QueueEntry(job, place, _waits_for(job, active, pause, now)))
    told = tuple(notice.text for notice in jobs_room.recent_notices(workspace, now.timestamp()))
    return QueueView(pause, tuple(entries), len(active) - len(entries), told)


def stop_job(workspace: Workspace, job_id: str, when: jobs_room.StopWhen = "now") -> jobs_room.Job:
    """Ask a job to stop; what it saved so far is kept.

    Args:
        workspace: whose queue.
        job_id: which.
        when: `now`, or `after_save`: a training goes on until its next model or state is saved.
            What saves nothing on its way stops now.

    Raises:
        JobError: there is no such job, or it is over already.
    """
    queue = jobs_room.Queue(workspace)
    job = queue.get(job_id)
    if job.is_over:
        raise JobError(f"Job {job_id} is over already: there is nothing to stop.")
    job = queue.request_stop(job_id, when if job.kind in SAVING_KINDS else "now")
    # A run whose worker died is stopped by the next one.
    jobs_room.ensure_worker(workspace)
    return job


def outlook_of_stop(workspace: Workspace, job_id: str) -> StopOutlook | None:
    """What each kind of stop would cost a training at work; None for anything else.

    Raises:
        JobError: there is no such job.
    """
    job = jobs_room.Queue(workspace).get(job_id)
    if job.kind not in SAVING_KINDS or job.state is not jobs_room.JobState.RUNNING:
        return None
    return stop_outlook(workspace.person(job.person).run(str(job.params["run"])))


def move_job(
    workspace: Workspace, job_id: str, to: jobs_room.Place, other: str = ""
) -> list[jobs_room.Job]:
    """Give a waiting job another place (see `Queue.move`); gives the new order of its lane."""
    return jobs_room.Queue(workspace).move(job_id, to, other)


def start_job_at(workspace: Workspace, job_id: str, text: str, now: datetime) -> jobs_room.Job:
    """Let a waiting job begin not before a time (see `parse_when`); at once for an empty text.

    Raises:
        InputError: it is no time to come.
        JobError: the job does not wait.
    """
    when = parse_when(text, now).timestamp() if text.strip() else None
    job = jobs_room.Queue(workspace).start_at(job_id, when)
    jobs_room.ensure_worker(workspace)
    return job


def pause_queue(workspace: Workspace, now: datetime, until: str = "") -> jobs_room.Pause:
    """Let no further run or grid begin; what is at work goes on to its end.

    Args:
        workspace: whose queue.
        now: with a time zone.
        until: time at which it goes on by itself (see `parse_when`); empty for never.

    Raises:
        InputError: `until` is no time to come.
    """
    end = parse_when(until, now).timestamp() if until.strip() else None
    return jobs.pause_queue(workspace, now.timestamp(), end)


def resume_queue(workspace: Workspace) -> None:
    """Let runs and grids begin again."""
    jobs.resume_queue(workspace)
    if jobs_room.Queue(workspace).jobs(states=jobs_room.ACTIVE):
        jobs_room.ensure_worker(workspace)


def retry_job(workspace: Workspace, job_id: str) -> list[jobs_room.Job]:
    """Do a job once more that failed, was stopped or lost, with those that fell with it.

    A run goes on from its last state.

    Raises:
        JobError: it ended well or is not over, or the same is at work already.
    """
    queue = jobs_room.Queue(workspace)
    job = queue.get(job_id)
    for other in queue.jobs(states=jobs_room.ACTIVE, person=job.person, kind=job.kind):
        if other.params == job.params:
            raise JobError(
                f"The same job ({job.kind}) is at work already as {other.id}: wait or stop it."
            )
    new = queue.retry(job_id)
    jobs_room.ensure_worker(workspace)
    return new


def _waits_for(
    job: jobs_room.Job, active: set[str], pause: jobs_room.Pause | None, now: datetime
) -> str:
    if job.state is not jobs_room.JobState.QUEUED or job.started is not None:
        return ""
    needs = _still_active(job.needs, active)
    if needs:
        return "job " + ", ".join(needs)
    if job.start_at is not None and job.start_at > now.timestamp():
        return clock_text(job.start_at, now)
    if pause is not None and job.lane in jobs_room.HELD_LANES:
        return "the end of the pause"
    return ""


def _still_active(needs: Sequence[str], active: set[str]) -> list[str]:
    return [need for need in (n.removesuffix(jobs_room.ONLY_OVER) for n in needs) if need in active]

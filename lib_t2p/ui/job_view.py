"""How a job is shown: state, progress bar, time left, reason of a failure, warnings."""

from __future__ import annotations

from html import escape
from pathlib import Path

from lib_t2p import jobs
from lib_t2p.ui.job_activity import Activity
from lib_t2p.ui.markup import Tone, badge, message, progress_bar
from lib_t2p.ui.text import KIND_WORDS, STATE_WORDS, counted, duration


def job_panel(job: jobs.Job, activity: Activity, now: float, note: str = "") -> str:
    """The state of one job.

    Args:
        job: from the queue.
        activity: what its events tell.
        now: Unix seconds.
        note: words behind the title, such as the name of the run.
    """
    title = f"{KIND_WORDS.get(job.kind, job.kind)} {note}".strip()
    head = f'<div class="t2p-job-head"><strong>{escape(title)}</strong>{state_badge(job)}</div>'
    warnings = "".join(message(text, "warn") for text in activity.warnings[-3:])
    return f'<div class="t2p-job">{head}{_body(job, activity, now)}{warnings}</div>'


def state_badge(job: jobs.Job) -> str:
    """The state in a word."""
    word, tone = STATE_WORDS[jobs.JobState(job.state)]
    return badge(word, tone)


def job_title(job: jobs.Job) -> str:
    """What a job does, and to which run, grid, sweep or tag."""
    return f"{KIND_WORDS.get(job.kind, job.kind)} {_what(job)}".strip()


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

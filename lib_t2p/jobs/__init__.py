"""Queue, leases, events and supervision of subprocesses; knows no kind of job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.jobs.arranging import BAD_ENDS, Place
    from lib_t2p.jobs.autostart import autostart_of, install_autostart, uninstall_autostart
    from lib_t2p.jobs.crew import Answer, Crew, processes_here, serve_crew
    from lib_t2p.jobs.heartbeats import STALE_SECONDS, Heartbeats
    from lib_t2p.jobs.host_requests import HostRequest, HostRequests, What
    from lib_t2p.jobs.job import ACTIVE, ONLY_OVER, Job, JobState, Lane, StopWhen
    from lib_t2p.jobs.job_context import JobContext
    from lib_t2p.jobs.kinds import JOB_KINDS, JobKind, words_of
    from lib_t2p.jobs.leases import Leases
    from lib_t2p.jobs.notices import any_notices, forget_notices, recent_notices
    from lib_t2p.jobs.pausing import HELD_LANES, Pause, pause_queue, read_pause, resume_queue
    from lib_t2p.jobs.performing import JobFunction, fail_unexpectedly, perform
    from lib_t2p.jobs.queue import Queue, forget_jobs
    from lib_t2p.jobs.starting import (
        PAINTER,
        code_version,
        core_python,
        ensure_painter,
        ensure_worker,
        submit,
        wake,
    )
    from lib_t2p.jobs.submission import Submission
    from lib_t2p.jobs.traces import database_copies, stray_folders

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

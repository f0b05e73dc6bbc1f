"""What the tabs, the API and the shell do, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.actions.host import (
        HelpingHost,
        Host,
        SendingHost,
        allowed_path,
        check_paths,
        checkpoint_path,
        checkpoint_title,
        known_names,
    )
    from lib_t2p.actions.job_queue import (
        QueueEntry,
        QueueView,
        clock_text,
        move_job,
        outlook_of_stop,
        parse_when,
        pause_queue,
        resume_queue,
        retry_job,
        start_job_at,
        stop_job,
        view_queue,
    )
    from lib_t2p.actions.submitting import comparable, dataset_version, known_person

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)

"""Runs are marked when they end, and again before a grid is drawn that shows them."""

from __future__ import annotations

import logging

from lib_t2p.errors import T2PError
from lib_t2p.grids import GridPlan
from lib_t2p.jobs import Queue
from lib_t2p.workspace import PersonFolder, RunFolder

KIND = "train.run"

_log = logging.getLogger(__name__)


def mark_run(queue: Queue, folder: RunFolder) -> None:
    """Keep which epochs of a run had collapsed; marks are extra, so a fault is logged alone."""
    from lib_t2p.reports.sweep import told_by
    from lib_t2p.runs import keep_marks

    person = folder.person
    jobs = [
        job
        for job in queue.jobs(person=person.slug, kind=KIND)
        if job.params.get("run") == folder.id
    ]
    try:
        keep_marks(folder, told_by(jobs, folder, person.workspace).curves)
    except T2PError as error:
        _log.warning("Run %s could not be marked: %s", folder.id, error)


def mark_runs_of(queue: Queue, person: PersonFolder, plan: GridPlan) -> None:
    """The same of every run that a grid shows."""
    for name in dict.fromkeys(model.run for model in plan.models if model.run):
        folder = person.run(name)
        if folder.root.is_dir():
            mark_run(queue, folder)

"""A workspace as it is after months: thousands of jobs that are over, thousands of photos."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.dataset_page import make_roll
from lib_t2p.jobs.database import Database
from lib_t2p.jobs.events.events import Failed, Finished, Started, StoppedEvent, to_line
from lib_t2p.jobs.job import SCHEMA, Job, JobState, Lane, to_record
from lib_t2p.jobs.rebuild import insert_job
from lib_t2p.workspace.person import PersonFolder, Workspace

KINDS: tuple[tuple[str, Lane, str], ...] = (
    ("dataset.import", "light", ""),
    ("dataset.inspect", "light", ""),
    ("dataset.build", "light", ""),
    ("train.run", "gpu", "run"),
    ("grid.plan", "light", "grid"),
    ("grid.cells", "paint", "grid"),
    ("grid.scores", "light", "grid"),
    ("grid.report", "light", "grid"),
)
"""Kind, lane and what it is about, in turn."""
BEGAN = 1_767_225_600.0
"""Unix seconds of the first job."""
EACH = 900.0
"""Seconds between two jobs."""


def make_workspace(root: Path, jobs: int, photos: int) -> PersonFolder:
    """A person with photos that were looked at, and jobs of theirs and of three others."""
    person = make_roll(root, photos)
    plant_jobs(person.workspace, person.slug, jobs)
    return person


def plant_jobs(workspace: Workspace, person: str, count: int) -> None:
    """Add jobs that are over, to the database and as folders."""
    planted = list(_jobs(person, count))

    def insert(connection: sqlite3.Connection) -> None:
        for job in planted:
            insert_job(connection, job)

    Database(workspace).write(insert)
    for job in planted:
        _write_folder(workspace, job)


def _jobs(person: str, count: int) -> Iterator[Job]:
    random = np.random.default_rng(1)
    people = (person, "ann", "bob", "carol")
    for number in range(count):
        kind, lane, about = KINDS[number % len(KINDS)]
        turn = number // len(KINDS)
        whose = people[turn % len(people)]
        named = {about: f"{about}-{turn:04d}"} if about else {"sources": [f"/photos/{turn}"]}
        began = BEGAN + number * EACH
        job = Job(
            id=f"20260101-000000-{number + 1:05d}",
            kind=kind,
            lane=lane,
            params={"person": whose, **named},
            person=whose,
            state=JobState.FINISHED,
            result={"told": "x" * 120},
            created=began,
            started=began + 1,
            ended=began + 60,
            rank=number + 1.0,
        )
        yield _ended_otherwise(job, float(random.random()))


def _ended_otherwise(job: Job, chance: float) -> Job:
    if chance < 0.05:
        return replace(job, state=JobState.FAILED, reason="The disk is full.", result={})
    if chance < 0.1:
        return replace(job, state=JobState.STOPPED, reason="Stopped.", result={})
    return job


def _write_folder(workspace: Workspace, job: Job) -> None:
    folder = workspace.job(job.id)
    folder.root.mkdir(parents=True, exist_ok=True)
    record = {"schema": SCHEMA, **to_record(job)}
    folder.record.write_text(json.dumps(record), encoding="utf-8")
    ended = job.ended or 0.0
    last = {
        JobState.FAILED: Failed(ended, job.reason),
        JobState.STOPPED: StoppedEvent(ended, job.reason),
    }.get(job.state, Finished(ended, job.result))
    lines = [to_line(Started(job.started or 0.0, "worker 1")), to_line(last)]
    folder.events.write_text("\n".join(lines) + "\n", encoding="utf-8")

"""What a stage of a night sees and may do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from lib_t2p import grids
from lib_t2p import jobs as jobs_room
from lib_t2p.errors import JobError
from lib_t2p.nights.night import Night, NightState, read_night, read_state, write_state
from lib_t2p.workspace import GridFolder, NightFolder, PersonFolder, Workspace


class StageContext:
    """A night as it stands; every change is kept at once.

    Args:
        context: of the job that advances the night.
        folder: of the night.

    Attributes:
        night: what was asked for.
        state: how far it got.
    """

    def __init__(self, context: jobs_room.JobContext, folder: NightFolder) -> None:
        self.context = context
        self.folder = folder
        self.night: Night = read_night(folder)
        self.state: NightState = read_state(folder)

    @property
    def workspace(self) -> Workspace:
        """Where everything lies."""
        return self.context.workspace

    @property
    def person(self) -> PersonFolder:
        """Whose night it is."""
        return self.workspace.person(self.night.person)

    def keep(self, **changes: Any) -> None:
        """Change the state and store it."""
        self.state = replace(self.state, **changes)
        write_state(self.folder, self.state)

    def note(self, sentence: str) -> None:
        """Say what went wrong and is lived with; it stands in the report too."""
        if sentence not in self.state.notes:
            self.context.warning(sentence)
            self.state = self.state.noted(sentence)
            write_state(self.folder, self.state)

    def once(
        self, stage: str, submit: Callable[[], Sequence[jobs_room.Job]]
    ) -> list[jobs_room.Job]:
        """The jobs of a stage as they are now; submitted at the first call."""
        ids = self.state.jobs.get(stage)
        if ids is None:
            ids = tuple(job.id for job in submit())
            self.keep(jobs={**self.state.jobs, stage: ids})
        return [self.context.queue.get(job) for job in ids]

    def submitted(self, kind: str, **params: Any) -> list[jobs_room.Job]:
        """Jobs that an interrupted step submitted without keeping their ids."""
        jobs = self.context.queue.jobs(person=self.night.person, kind=kind)
        same = {"person": self.night.person, **params}
        return [j for j in jobs if j.created >= self.night.created and j.params == same][-1:]


def grid_of_night(
    at: StageContext, grid: GridFolder, stage: str, plan: grids.GridPlan
) -> list[jobs_room.Job]:
    """The jobs of one grid as they are now; planned and queued at the first call."""

    def submit() -> list[jobs_room.Job]:
        if not grid.plan.exists():
            grids.write_plan(grid, plan)
        chain = grids.chain_of(at.context.queue, at.person, grid)
        return (
            chain
            if len(chain) == len(grids.KINDS)
            else grids.queue_grid(at.context.queue, at.person, grid)
        )

    return at.once(stage, submit)


def active(jobs: Sequence[jobs_room.Job]) -> list[jobs_room.Job]:
    """Those that are not over."""
    return [job for job in jobs if not job.is_over]


def must_have_finished(jobs: Sequence[jobs_room.Job], what: str) -> None:
    """Raise `JobError` that names what could not be done and why."""
    for job in jobs:
        if job.state is not jobs_room.JobState.FINISHED:
            raise JobError(f"{what} could not be made: {job.reason or job.state.value}")

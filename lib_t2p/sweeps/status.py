"""Where each run of a sweep stands."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lib_t2p import jobs as jobs_room
from lib_t2p.sweeps.sweep import Sweep
from lib_t2p.sweeps.sweep_cost import read_forecast
from lib_t2p.sweeps.sweep_folders import made_runs
from lib_t2p.sweeps.sweep_runs import SweepRun, expand
from lib_t2p.workspace import RunFolder, SweepFolder

REFUSED, WAITING = "refused", "not queued"


@dataclass(frozen=True)
class RunStatus:
    """One run of a sweep and what became of it.

    Attributes:
        run: as the sweep names it.
        folder: where it lies; None until it was made.
        job: its newest job; None until it was queued.
    """

    run: SweepRun
    folder: RunFolder | None
    job: jobs_room.Job | None

    @property
    def state(self) -> str:
        """`refused`, `not queued`, or the state of its job."""
        if self.run.refused:
            return REFUSED
        return self.job.state.value if self.job else WAITING

    @property
    def reason(self) -> str:
        """Why it was refused or did not finish; empty otherwise."""
        return self.run.refused or (self.job.reason if self.job else "")

    @property
    def is_active(self) -> bool:
        """Whether its job waits or works."""
        return self.job is not None and self.job.state in jobs_room.ACTIVE

    @property
    def is_finished(self) -> bool:
        """Whether it was trained to its end."""
        return self.job is not None and self.job.state is jobs_room.JobState.FINISHED


def sweep_status(folder: SweepFolder, sweep: Sweep, queue: jobs_room.Queue) -> list[RunStatus]:
    """All runs of a sweep in its order."""
    made = made_runs(folder)
    refused = read_forecast(folder).refused
    newest = queue.newest_of_each("run", sweep.person, "train.run")
    jobs = {str(job.params.get("run")): job for job in reversed(newest)}
    found = []
    for run in expand(sweep):
        run = replace(run, refused=run.refused or refused.get(run.name, ""))
        place = made.folder_of(run)
        found.append(RunStatus(run, place, jobs.get(place.id) if place else None))
    return found

"""The jobs of a series: each round is planned, painted and scored.

A round is planned while the one before it is painted, so that the painter never waits and keeps
its models. Painting a round needs the painting before it to have gone well; scoring does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lib_t2p.jobs import ACTIVE, ONLY_OVER, Job, JobState, Queue
from lib_t2p.workspace import PersonFolder, PortraitsFolder

PLAN, CELLS, SCORES = "portraits.plan", "portraits.cells", "portraits.scores"
PREVIEW = "portraits.preview"
KINDS = (PLAN, CELLS, SCORES)

_BAD = (JobState.FAILED, JobState.LOST, JobState.STOPPED)


def queue_first(queue: Queue, person: PersonFolder, series: PortraitsFolder, number: int) -> Job:
    """Queue the planning of a round, from which all further jobs follow."""
    return _once(queue, PLAN, _params(person, series, number))


def queue_round(
    queue: Queue, person: PersonFolder, series: PortraitsFolder, plan: Job, number: int
) -> list[Job]:
    """Queue painting and scoring of a planned round, and the planning of the next.

    Called again after a crash it finds the jobs that it queued before.

    Args:
        queue: of the workspace.
        person: whose series it is.
        series: is planned.
        plan: the job that planned this round.
        number: of the round, from 1.
    """
    before = newest(queue, person, series, CELLS, number - 1)
    needs = [plan.id, *([before.id] if before and before.state not in _BAD else [])]
    cells = _once(queue, CELLS, _params(person, series, number), needs)
    scores = _once(queue, SCORES, _params(person, series, number), [plan.id, cells.id + ONLY_OVER])
    waits = [plan.id, *([before.id + ONLY_OVER] if before else [])]
    following = _once(queue, PLAN, _params(person, series, number + 1), waits)
    return [cells, scores, following]


def why_cut_short(queue: Queue, person: PersonFolder, series: PortraitsFolder, number: int) -> str:
    """Why a round was not painted whole; empty when it was, or is still at work."""
    job = newest(queue, person, series, CELLS, number)
    if job is None:
        return ""
    return job.reason if job.state in _BAD else str(job.result.get("ended", ""))


def newest(
    queue: Queue, person: PersonFolder, series: PortraitsFolder, kind: str, number: int
) -> Job | None:
    """The newest job of a kind for a round."""
    params = _params(person, series, number)
    about: dict[str, str | int] = {"portraits": series.id, "round": number}
    found = queue.jobs(person=person.slug, kind=kind, about=about)
    return next((job for job in reversed(found) if job.params == params), None)


def jobs_of(
    queue: Queue,
    person: PersonFolder,
    series: PortraitsFolder,
    states: Iterable[JobState] | None = None,
) -> list[Job]:
    """The jobs of a series in these states, in any when None, oldest first."""
    about = {"portraits": series.id}
    return queue.jobs(states=states, person=person.slug, kind=KINDS, about=about)


def _params(person: PersonFolder, series: PortraitsFolder, number: int) -> dict[str, Any]:
    return {"person": person.slug, "portraits": series.id, "round": number}


def _once(
    queue: Queue,
    kind: str,
    params: Mapping[str, Any],
    needs: list[str] | None = None,
) -> Job:
    person = str(params["person"])
    for job in queue.jobs(states=ACTIVE, person=person, kind=kind):
        if job.params == dict(params):
            return job
    return queue.submit(kind, params, person=person, needs=tuple(needs or ()))

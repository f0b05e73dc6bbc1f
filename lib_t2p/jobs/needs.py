"""What becomes of a job whose needs cannot be met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lib_t2p.jobs.job import ONLY_OVER, Job, JobState

Find = Callable[[str], Job | None]


@dataclass(frozen=True)
class End:
    """How a job ends; `reason` is a sentence."""

    state: JobState
    reason: str


def end_of_broken(job: Job, find: Find) -> End | None:
    """How a waiting job ends because of a need; None while all may still be met.

    Args:
        job: that waits.
        find: gives a job by its id, or None.
    """
    for need in _firm_needs(job):
        found = find(need)
        if found is None:
            return End(
                JobState.FAILED,
                f"It needs job {need}, which is gone with its folder: start both again where you "
                "started them first.",
            )
        if found.is_over and found.state is not JobState.FINISHED:
            return _because_of(_root_of_end(found, find))
    if _needs_itself(job, find):
        return End(
            JobState.FAILED,
            "It needs itself, by way of its needs, since a job.json was changed: start it again.",
        )
    return None


def _because_of(need: Job) -> End:
    named = f"{need.kind} (job {need.id})"
    if need.state is JobState.STOPPED:
        return End(JobState.STOPPED, f"Stopped because {named}, which it needs, was stopped.")
    word = "was lost" if need.state is JobState.LOST else "failed"
    return End(JobState.FAILED, f"It needs {named}, which {word}: {need.reason}")


def _root_of_end(job: Job, find: Find) -> Job:
    """The job at the root of a chain's end: what a person wants to know of."""
    seen = {job.id}
    while True:
        found = [one for need in _firm_needs(job) if (one := find(need)) is not None]
        ended = [one for one in found if one.is_over and one.state is not JobState.FINISHED]
        if not ended or ended[0].id in seen:
            return job
        job = ended[0]
        seen.add(job.id)


def _needs_itself(job: Job, find: Find) -> bool:
    seen: set[str] = set()
    ahead = [need.removesuffix(ONLY_OVER) for need in job.needs]
    while ahead:
        need = ahead.pop()
        if need == job.id:
            return True
        if need in seen:
            continue
        seen.add(need)
        found = find(need)
        if found is not None and not found.is_over:
            ahead += [one.removesuffix(ONLY_OVER) for one in found.needs]
    return False


def _firm_needs(job: Job) -> list[str]:
    return [need for need in job.needs if not need.endswith(ONLY_OVER)]

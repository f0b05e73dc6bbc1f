"""The jobs that make a grid, each of which needs the one before it."""

from __future__ import annotations

from collections.abc import Sequence

from lib_t2p import jobs
from lib_t2p.workspace import GridFolder, PersonFolder

KINDS = ("grid.plan", "grid.cells", "grid.scores", "grid.report")


def queue_grid(
    queue: jobs.Queue,
    person: PersonFolder,
    grid: GridFolder,
    *,
    needs: Sequence[str] = (),
    kinds: Sequence[str] = KINDS,
) -> list[jobs.Job]:
    """Queue the chain of a grid whose plan is written.

    Args:
        queue: of the workspace.
        person: whose grid it is.
        grid: holds its plan.
        needs: jobs that the first one waits for.
        kinds: the links of the chain, a beginning of `KINDS`.

    Returns:
        The jobs in the order of `kinds`.
    """
    return queue.submit_all(links_of(person, grid, needs=needs, kinds=kinds))


def links_of(
    person: PersonFolder,
    grid: GridFolder,
    *,
    needs: Sequence[str] = (),
    kinds: Sequence[str] = KINDS,
) -> list[jobs.Submission]:
    """The jobs of a grid, to be queued together with others; arguments as of `queue_grid`."""
    params = {"person": person.slug, "grid": grid.id}
    links: list[jobs.Submission] = []
    for kind in kinds:
        waits: Sequence[str | int] = [len(links) - 1] if links else needs
        links.append(jobs.Submission(kind, params, person.slug, waits))
    return links


def chain_of(queue: jobs.Queue, person: PersonFolder, grid: GridFolder) -> list[jobs.Job]:
    """The newest job of each link that was queued for a grid, in the order of the chain.

    Scores of what is painted so far are no link of it.
    """
    newest = {
        job.kind: job
        for job in queue.jobs(person=person.slug, kind=KINDS, about={"grid": grid.id})
        if "which" not in job.params
    }
    return [newest[kind] for kind in KINDS if kind in newest]

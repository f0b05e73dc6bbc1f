"""Scoring a grid again, or before it is whole."""

from __future__ import annotations

from lib_t2p.actions.submitting import known_person
from lib_t2p.errors import InputError
from lib_t2p.grids import chain_of
from lib_t2p.jobs import Job, Queue, Submission, ensure_worker
from lib_t2p.workspace import Workspace


def score_again(workspace: Workspace, person: str, grid: str) -> list[Job]:
    """Queue the scores of a grid, by the embedder and CLIP model that are set now.

    While pictures of it are still being painted, those that are there are scored; the rest follows
    when the grid's own jobs come to it. When all are painted, the report is written anew as well.

    Args:
        workspace: where the person lives.
        person: name or folder name.
        grid: id of a planned grid.

    Returns:
        The jobs, scores first.

    Raises:
        InputError: there is no such grid, or its scores are being made just now.
    """
    folder = known_person(workspace, person)
    place = folder.grid(grid)
    if not place.plan.exists():
        raise InputError(f"There is no grid {grid!r} of {folder.slug}: see its name in the tab.")
    queue = Queue(workspace)
    working = {job.kind: job for job in chain_of(queue, folder, place) if not job.is_over}
    painting = "grid.cells" in working or "grid.plan" in working
    if working and not painting:
        raise InputError(
            f"Grid {place.id} is being scored already: wait for job {_first(working)}."
        )
    params = {"person": folder.slug, "grid": place.id}
    which = {"which": "painted"} if painting else {}
    wanted = [Submission("grid.scores", {**params, **which}, "light", folder.slug)]
    if not painting:
        wanted.append(Submission("grid.report", params, "light", folder.slug, [0]))
    jobs = queue.submit_all(wanted)
    ensure_worker(workspace)
    return jobs


def _first(jobs: dict[str, Job]) -> str:
    return next(iter(jobs.values())).id

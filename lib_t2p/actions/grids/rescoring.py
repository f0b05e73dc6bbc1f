"""Scoring a grid again, or before it is whole."""

from __future__ import annotations

from lib_t2p.actions.submitting import known_person
from lib_t2p.errors import InputError
from lib_t2p.grids import chain_of, links_of, read_plan, write_plan
from lib_t2p.jobs import Job, Queue, Submission, submit
from lib_t2p.scores import confirmation_grid, confirmation_plan
from lib_t2p.scores.verdict import judge, read_scores
from lib_t2p.workspace import Workspace


def confirm_grid(workspace: Workspace, person: str, grid: str) -> list[Job]:
    """Queue pictures of the winner and its ties on fresh seeds, and then the report anew.

    Args:
        workspace: where the person lives.
        person: name or folder name.
        grid: id of a scored grid.

    Returns:
        The jobs; those that work already when this was asked before.

    Raises:
        InputError: there is no such grid, it has no scores yet, or no model of it may be taken.
    """
    folder = known_person(workspace, person)
    place = folder.grid(grid)
    if not place.plan.exists() or not place.scores.exists():
        raise InputError(
            f"There is no scored grid {grid!r} of {folder.slug}: draw and score it first."
        )
    plan = read_plan(place)
    verdict = judge(plan, read_scores(place))
    wanted = confirmation_plan(plan, verdict)
    if wanted is None:
        raise InputError(f"There is nothing to confirm in {place.id}: {verdict.sentence}")
    queue = Queue(workspace)
    again = confirmation_grid(folder, place)
    working = [job for job in chain_of(queue, folder, again) if not job.is_over]
    if working:
        return working
    write_plan(again, wanted)
    links = links_of(folder, again)
    params = {"person": folder.slug, "grid": place.id}
    report = Submission("grid.report", params, folder.slug, [len(links) - 1])
    # A report of the grid may be at work: this one comes after the fresh pictures.
    return submit(workspace, *links, report, once=False)


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
    wanted = [Submission("grid.scores", {**params, **which}, folder.slug)]
    if not painting:
        wanted.append(Submission("grid.report", params, folder.slug, [0]))
    return submit(workspace, *wanted, once=False)


def _first(jobs: dict[str, Job]) -> str:
    return next(iter(jobs.values())).id

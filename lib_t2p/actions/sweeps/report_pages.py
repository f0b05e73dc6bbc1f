"""Having the page of a person, a run or a sweep written."""

from __future__ import annotations

from lib_t2p.actions.submitting import known_person, submit_job
from lib_t2p.actions.sweeps import sweeps
from lib_t2p.errors import InputError
from lib_t2p.jobs import Job
from lib_t2p.workspace import Workspace

KIND = "report.page"


def report_on_person(workspace: Workspace, person: str) -> Job:
    """Queue the page of all that is known of a person's LoRAs.

    Raises:
        InputError: there is no such person, or nothing to tell yet.
    """
    folder = known_person(workspace, person)
    if not folder.runs() and not folder.grids():
        raise InputError(
            f"There is nothing to report on {folder.slug} yet: train a run or draw a grid first."
        )
    params = {"person": folder.slug, "about": "person", "name": ""}
    return submit_job(workspace, KIND, params, folder)


def report_on_run(workspace: Workspace, person: str, run: str) -> Job:
    """Queue the page of one run; raises `InputError` when there is no such person or run."""
    folder = known_person(workspace, person)
    place = folder.run(run)
    if not place.settings.exists():
        known = ", ".join(one.id for one in folder.runs()) or "none yet"
        raise InputError(f"There is no run {run!r}: choose one of {known}.")
    return submit_job(
        workspace, KIND, {"person": folder.slug, "about": "run", "name": place.id}, folder
    )


def report_on_sweep(workspace: Workspace, person: str, sweep: str) -> Job:
    """Queue the page of one sweep; raises `InputError` when there is no such person or sweep."""
    folder = known_person(workspace, person)
    if not folder.sweep(sweep).record.exists():
        known = ", ".join(one.id for one in folder.sweeps()) or "none yet"
        raise InputError(f"There is no sweep {sweep!r}: choose one of {known}.")
    return sweeps.draw_page(workspace, folder.slug, sweep)

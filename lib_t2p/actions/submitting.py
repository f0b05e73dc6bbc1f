"""What all actions that queue a job share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lib_t2p import jobs
from lib_t2p.errors import InputError
from lib_t2p.scores import held_out_photos
from lib_t2p.workspace import DatasetFolder, PersonFolder, Workspace, load_person


def submit_job(
    workspace: Workspace,
    kind: str,
    params: Mapping[str, Any],
    folder: PersonFolder,
    *,
    needs: Sequence[str] = (),
) -> jobs.Job:
    """Queue a job of a person and see to it that a worker lives.

    Raises:
        JobError: the same job is at work already.
    """
    (job,) = jobs.submit(workspace, jobs.Submission(kind, params, folder.slug, tuple(needs)))
    return job


def known_person(workspace: Workspace, person: str) -> PersonFolder:
    """The folder of a person that exists; raises `InputError` otherwise."""
    folder = workspace.person(person)
    load_person(folder)
    return folder


def dataset_version(folder: PersonFolder, number: int | None) -> DatasetFolder:
    """A finished dataset of a person, the newest for None; raises `InputError` naming all."""
    versions = folder.datasets()
    if not versions:
        raise InputError(f"{folder.slug} has no dataset yet: import photos and build one first.")
    if number is None:
        return versions[-1]
    for version in versions:
        if version.number == number:
            return version
    known = ", ".join(str(v.number) for v in versions)
    raise InputError(f"{folder.slug} has no dataset {number}: there are {known}.")


def comparable(dataset: DatasetFolder) -> DatasetFolder:
    """The dataset, if LoRAs can be compared by it; raises `InputError` otherwise.

    To be asked before hours of training and painting, not by the scores after them.
    """
    if not held_out_photos(dataset):
        raise InputError(
            f"Dataset {dataset.number} has no held-out photos, so likeness cannot be measured: "
            "build a dataset that holds some out."
        )
    return dataset

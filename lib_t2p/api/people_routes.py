"""People, photos, datasets."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timezone
from typing import Any

from fastapi import APIRouter

from lib_t2p.actions import allowed_path
from lib_t2p.actions.grids import submit_dataset, submit_photos
from lib_t2p.actions.photos import check_class_set, list_people, new_person
from lib_t2p.api.asking import Asking
from lib_t2p.api.bodies import NewDataset, NewPerson, PhotoSources
from lib_t2p.api.shapes import job_shape, person_shape
from lib_t2p.dataset import DatasetOptions
from lib_t2p.workspace import load_person


def people_routes(asking: Asking) -> APIRouter:
    """Routes below `/people` that make and list people and their datasets."""
    router = APIRouter(tags=["people and datasets"])
    host = asking.host

    @router.get("/people", summary="Everybody in the workspace")
    def everybody() -> list[dict[str, Any]]:
        return [person_shape(folder, who) for folder, who in list_people(host.workspace)]

    @router.post("/people", summary="Make a person", status_code=201)
    def make(body: NewPerson) -> dict[str, Any]:
        asking.may_start()
        folder = new_person(
            host.workspace,
            name=body.name,
            trigger=body.trigger,
            class_word=body.class_word,
            consent=body.consent,
            consent_in_files=body.consent_in_files,
            now=datetime.now(timezone.utc),
        )
        return person_shape(folder, load_person(folder))

    @router.get("/people/{person}", summary="One person")
    def one(person: str) -> dict[str, Any]:
        folder = asking.person(person)
        return person_shape(folder, load_person(folder))

    @router.post("/people/{person}/photos", summary="Import photos", status_code=202)
    def photos(person: str, body: PhotoSources) -> dict[str, Any]:
        asking.may_start()
        folder = asking.person(person)
        sources = [allowed_path(host, typed) for typed in body.sources]
        return job_shape(submit_photos(host.workspace, folder.slug, sources))

    @router.get("/people/{person}/datasets", summary="Finished dataset versions")
    def datasets(person: str) -> list[dict[str, Any]]:
        versions = asking.person(person).datasets()
        return [{"number": v.number, "folder": str(v.root)} for v in versions]

    @router.post("/people/{person}/datasets", summary="Build the next version", status_code=202)
    def build(person: str, body: NewDataset) -> dict[str, Any]:
        asking.may_start()
        folder = asking.person(person)
        options = DatasetOptions.from_mapping(body.options)
        check_class_set(host.workspace, folder.slug, options.regularisation)
        return job_shape(submit_dataset(host.workspace, folder.slug, options))

    @router.get("/dataset_options", summary="Options of a dataset, with their defaults")
    def options() -> dict[str, Any]:
        return dataclasses.asdict(DatasetOptions())

    return router

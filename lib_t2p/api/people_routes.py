"""People, photos, datasets; deleting a person: list first, then agree to the list."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from lib_t2p import actions, dataset
from lib_t2p.actions import grids as grid_actions
from lib_t2p.actions import photos as photo_actions
from lib_t2p.api.bodies import NewDataset, NewPerson, PhotoSources
from lib_t2p.api.more_bodies import Deletion
from lib_t2p.api.routes import RouteHost, Routes
from lib_t2p.api.shapes import job_shape, person_shape
from lib_t2p.errors import InputError
from lib_t2p.plurals import counted
from lib_t2p.workspace import load_person


def people_routes(served: RouteHost) -> Routes:
    """Routes below `/people` that make and list people and their datasets."""
    router = Routes("people and datasets", served)
    host = served.host

    @router.get("/people", summary="Everybody in the workspace")
    def everybody() -> list[dict[str, Any]]:
        return [
            person_shape(folder, who) for folder, who in photo_actions.list_people(host.workspace)
        ]

    @router.act("/people", summary="Make a person", status_code=201)
    def make(body: NewPerson) -> dict[str, Any]:
        folder = photo_actions.new_person(
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
        folder = served.person(person)
        return person_shape(folder, load_person(folder))

    @router.act("/people/{person}/photos", summary="Import photos", status_code=202)
    def photos(person: str, body: PhotoSources) -> dict[str, Any]:
        folder = served.person(person)
        sources = [actions.allowed_path(host, typed) for typed in body.sources]
        return job_shape(grid_actions.submit_photos(host.workspace, folder.slug, sources))

    @router.get("/people/{person}/datasets", summary="Finished dataset versions")
    def datasets(person: str) -> list[dict[str, Any]]:
        versions = served.person(person).datasets()
        return [{"number": v.number, "folder": str(v.root)} for v in versions]

    @router.act("/people/{person}/datasets", summary="Build the next version", status_code=202)
    def build(person: str, body: NewDataset) -> dict[str, Any]:
        folder = served.person(person)
        options = dataset.DatasetOptions.from_mapping(body.options)
        photo_actions.check_class_set(host.workspace, folder.slug, options.regularisation)
        return job_shape(grid_actions.submit_dataset(host.workspace, folder.slug, options))

    @router.get("/dataset_options", summary="Options of a dataset, with their defaults")
    def options() -> dict[str, Any]:
        return dataclasses.asdict(dataset.DatasetOptions())

    return router


def deleting_routes(served: RouteHost) -> Routes:
    """Routes that list and remove everything of a person."""
    router = Routes("people and datasets", served)
    workspace, root = served.workspace, served.host.loras_root

    @router.get("/people/{person}/belongings", summary="Everything that a deletion removes")
    def things(person: str) -> dict[str, Any]:
        found = photo_actions.belongings(workspace, served.person(person).slug, root)
        listed = [
            {"kind": b.kind, "path": str(b.path), "bytes": b.size, "optional": b.optional}
            for b in found
        ]
        return {"count": len(found), "bytes": photo_actions.total(found), "things": listed}

    @router.act("/people/{person}/delete", summary="Remove a person for good")
    def delete(person: str, body: Deletion) -> dict[str, Any]:
        slug = served.person(person).slug
        count = len(photo_actions.belongings(workspace, slug, root))
        if body.agreed != count:
            raise InputError(
                f"{slug} has {counted(count, 'thing')}, not {body.agreed}: look at "
                f"/t2p/v1/people/{slug}/belongings again before they are deleted."
            )
        faults = photo_actions.delete_person(
            workspace, slug, loras=[Path(path) for path in body.loras], lora_root=root
        )
        return {"deleted": not faults, "faults": faults}

    return router

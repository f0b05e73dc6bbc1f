"""People, datasets, and photos: what a build would do with each, and what the person decides.

Deleting a person: list first, then agree to the list.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from lib_t2p import actions, dataset
from lib_t2p.actions import grids as grid_actions
from lib_t2p.actions import photos as photo_actions
from lib_t2p.api.bodies import (
    CropChoice,
    Decision,
    Deletion,
    FaceAnswer,
    NewDataset,
    NewPerson,
    PhotoSources,
    Tile,
)
from lib_t2p.api.routes import RouteHost, Routes
from lib_t2p.api.shapes import choices_shape, job_shape, outlook_shape, person_shape
from lib_t2p.errors import InputError
from lib_t2p.plurals import counted
from lib_t2p.typed_paths import is_file, shortened
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

    _add_datasets(router, served)
    return router


def _add_datasets(router: Routes, served: RouteHost) -> None:
    host = served.host

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
        return asdict(dataset.DatasetOptions())


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


def photo_routes(served: RouteHost) -> Routes:
    """Routes of photos and of what was decided about them."""
    router = Routes("photos", served)
    workspace = served.workspace

    @router.get("/people/{person}/photos", summary="What a build would do with each photo")
    def photos(person: str) -> dict[str, Any]:
        state = photo_actions.photo_state(workspace, served.person(person).slug)
        tiles = [asdict(tile) for tile in state.survey.people] if state.survey else []
        return {
            "surveyed": state.survey is not None,
            "people": tiles,
            "photos": [outlook_shape(one) for one in state.photos],
            "new": list(state.new),
            "choices": choices_shape(state.choices),
        }

    @router.act("/people/{person}/photos/look", summary="Look at all photos", status_code=202)
    def look(person: str) -> dict[str, Any]:
        return job_shape(photo_actions.submit_inspection(workspace, served.person(person).slug))

    _add_decisions(router, served)
    return router


def _add_decisions(router: Routes, served: RouteHost) -> None:
    workspace = served.workspace

    @router.act("/people/{person}/photos/decide", summary="Leave photos out or put them in")
    def decide(person: str, body: Decision) -> dict[str, Any]:
        slug = _with_photos(served, person, body.photos)
        return choices_shape(photo_actions.decide(workspace, slug, body.verb, body.photos))

    @router.act("/people/{person}/photos/person", summary="Say who the dataset is about")
    def choose(person: str, body: Tile) -> dict[str, Any]:
        slug = served.person(person).slug
        return choices_shape(photo_actions.choose_tile(workspace, slug, body.number))

    @router.act("/people/{person}/photos/face", summary="Say whether a face is the person's")
    def face(person: str, body: FaceAnswer) -> dict[str, Any]:
        slug = _with_photos(served, person, [body.photo])
        asked = (body.photo, body.face)
        said = photo_actions.answer_face(workspace, slug, asked, is_person=body.is_person)
        return choices_shape(said)

    @router.act("/people/{person}/photos/crop", summary="Say what of a photo is used")
    def crop(person: str, body: CropChoice) -> dict[str, Any]:
        slug = _with_photos(served, person, [body.photo])
        if body.box is not None and len(body.box) != 4:
            raise InputError("A box has four numbers: left, top, right, bottom.")
        box = (body.box[0], body.box[1], body.box[2], body.box[3]) if body.box else None
        return choices_shape(photo_actions.adjust_crop(workspace, slug, body.photo, box))


def _with_photos(served: RouteHost, person: str, names: list[str]) -> str:
    """The folder name of a person who has these photos; raises `InputError` for others."""
    folder = served.person(person)
    bad = [n for n in names if Path(n).name != n or not is_file(folder.photos / n)]
    if bad:
        named = ", ".join(map(shortened, bad[:5]))
        raise InputError(f"{folder.slug} has no photos named {named}: GET them first.")
    return folder.slug

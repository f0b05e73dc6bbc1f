"""Dataset versions, captions, and regularisation images of others or of a base checkpoint."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from lib_t2p import actions, class_images, dataset
from lib_t2p.actions import photos
from lib_t2p.actions import photos as photo_actions
from lib_t2p.api.bodies import Caption, CaptionEdit, Describing, NewClassImages, PhotoSources
from lib_t2p.api.routes import NotThere, RouteHost, Routes, one_of
from lib_t2p.api.shapes import job_shape
from lib_t2p.dataset import captions
from lib_t2p.errors import InputError


def dataset_routes(served: RouteHost) -> Routes:
    """Routes of single versions, and of captions."""
    router = Routes("people and datasets", served)
    workspace = served.workspace

    @router.get("/people/{person}/datasets/{number}", summary="One version and each photo in it")
    def one(person: str, number: int) -> dict[str, Any]:
        folder = served.person(person)
        try:
            version, manifest = photos.version_of(workspace, folder.slug, number)
        except InputError as error:
            raise NotThere(str(error)) from error
        return {"number": version.number, "folder": str(version.root), **asdict(manifest)}

    @router.get("/people/{person}/datasets/{number}/against/{other}", summary="What differs")
    def against(person: str, number: int, other: int) -> dict[str, Any]:
        slug = served.person(person).slug
        return asdict(photos.compare_versions(workspace, slug, number, other))

    @router.act(
        "/people/{person}/datasets/{number}/rebuild",
        summary="Draw a version again from its manifest, as the next one",
        status_code=202,
    )
    def rebuild(person: str, number: int) -> dict[str, Any]:
        slug = served.person(person).slug
        one(slug, number)
        return job_shape(photos.submit_rebuild(workspace, slug, number))

    _add_captions(router, served)
    return router


def _add_captions(router: Routes, served: RouteHost) -> None:
    workspace = served.workspace

    @router.get("/people/{person}/captions", summary="Captions of all photos that are used")
    def lines(person: str) -> list[dict[str, Any]]:
        slug = served.person(person).slug
        return [asdict(line) for line in photos.captions_of(workspace, slug)]

    @router.act("/people/{person}/captions", summary="Set a caption, or the template of all")
    def write(person: str, body: Caption) -> list[dict[str, Any]]:
        slug = served.person(person).slug
        if body.photo:
            photos.set_caption(workspace, slug, body.photo, body.caption)
        else:
            photos.set_template(workspace, slug, body.caption)
        return lines(person)

    @router.post("/people/{person}/captions/edit", summary="Change many captions at once")
    def edit(person: str, body: CaptionEdit) -> list[dict[str, Any]]:
        slug = served.person(person).slug
        wish = captions.Edit(one_of(body.kind, "kind", tuple(captions.KINDS)), body.text, body.by)
        if not body.preview:
            served.may_start()
        act = photos.preview_edit if body.preview else photos.edit_captions
        return [asdict(change) for change in act(workspace, slug, wish, body.photos)]

    @router.act("/people/{person}/captions/undo", summary="Take the last change back")
    def undo(person: str) -> dict[str, str]:
        return {"undone": photos.undo_captions(workspace, served.person(person).slug)}

    @router.act(
        "/people/{person}/captions/describe",
        summary="Let a tagger or captioner describe all photos that are used",
        status_code=202,
    )
    def describe(person: str, body: Describing) -> dict[str, Any]:
        slug = served.person(person).slug
        how = one_of(body.how, "how", photos.DESCRIBERS)
        if how != "host" and not body.folder.strip():
            raise InputError(f"No folder given: name the folder of the {how}.")
        folder = Path() if how == "host" else actions.allowed_path(served.host, body.folder)
        job = photos.submit_description(workspace, slug, how, folder, body.threshold)
        return job_shape(job)


def class_routes(served: RouteHost) -> Routes:
    """Routes of regularisation images."""
    router = Routes("class images", served)
    workspace = served.workspace

    @router.get("/people/{person}/class_photos", summary="Sets of regularisation images")
    def sets(person: str) -> list[dict[str, Any]]:
        return [
            asdict(one) for one in photo_actions.class_sets(workspace, served.person(person).slug)
        ]

    @router.act("/people/{person}/class_photos", summary="Import class photos", status_code=202)
    def class_photos(person: str, body: PhotoSources) -> dict[str, Any]:
        slug = served.person(person).slug
        sources = [actions.allowed_path(served.host, typed) for typed in body.sources]
        return job_shape(photo_actions.submit_class_photos(workspace, slug, sources))

    @router.act("/people/{person}/class_images", summary="Paint class images", status_code=202)
    def paint(person: str, body: NewClassImages) -> dict[str, Any]:
        slug = served.person(person).slug
        plan = _plan(served, slug, body)
        jobs = photo_actions.submit_class_images(workspace, slug, plan)
        return {"pictures": plan.count, "jobs": [job_shape(job) for job in jobs]}

    return router


def _plan(served: RouteHost, slug: str, body: NewClassImages) -> class_images.ClassPlan:
    values = dict(body)
    options = dataset.DatasetOptions.from_mapping(values.pop("options"))
    checkpoint = str(served.checkpoint(values.pop("checkpoint")))
    count = values.pop("count") or photo_actions.wanted_class_pictures(
        served.workspace, slug, options
    )
    if not count:
        raise InputError(
            f"How many class images? Give count, or POST to /people/{slug}/photos/look first."
        )
    return class_images.ClassPlan(checkpoint=checkpoint, count=count, **values)

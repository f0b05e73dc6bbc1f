"""Dataset versions and captions."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from fastapi import APIRouter

from lib_t2p.actions import allowed_path, photos
from lib_t2p.api.asking import Asking, NotThere, one_of
from lib_t2p.api.more_bodies import Caption, CaptionEdit, Describing
from lib_t2p.api.shapes import job_shape
from lib_t2p.dataset.captions import KINDS, Edit
from lib_t2p.errors import InputError


def dataset_routes(asking: Asking) -> APIRouter:
    """Routes of single versions, and of captions."""
    router = APIRouter(tags=["people and datasets"])
    workspace = asking.host.workspace

    @router.get("/people/{person}/datasets/{number}", summary="One version and each photo in it")
    def one(person: str, number: int) -> dict[str, Any]:
        folder = asking.person(person)
        try:
            version, manifest = photos.version_of(workspace, folder.slug, number)
        except InputError as error:
            raise NotThere(str(error)) from error
        return {"number": version.number, "folder": str(version.root), **asdict(manifest)}

    @router.get("/people/{person}/datasets/{number}/against/{other}", summary="What differs")
    def against(person: str, number: int, other: int) -> dict[str, Any]:
        slug = asking.person(person).slug
        return asdict(photos.compare_versions(workspace, slug, number, other))

    @router.post(
        "/people/{person}/datasets/{number}/rebuild",
        summary="Draw a version again from its manifest, as the next one",
        status_code=202,
    )
    def rebuild(person: str, number: int) -> dict[str, Any]:
        asking.may_start()
        slug = asking.person(person).slug
        one(slug, number)
        return job_shape(photos.submit_rebuild(workspace, slug, number))

    _add_captions(router, asking)
    return router


def _add_captions(router: APIRouter, asking: Asking) -> None:
    workspace = asking.host.workspace

    @router.get("/people/{person}/captions", summary="Captions of all photos that are used")
    def lines(person: str) -> list[dict[str, Any]]:
        slug = asking.person(person).slug
        return [asdict(line) for line in photos.captions_of(workspace, slug)]

    @router.post("/people/{person}/captions", summary="Set a caption, or the template of all")
    def write(person: str, body: Caption) -> list[dict[str, Any]]:
        asking.may_start()
        slug = asking.person(person).slug
        if body.photo:
            photos.set_caption(workspace, slug, body.photo, body.caption)
        else:
            photos.set_template(workspace, slug, body.caption)
        return lines(person)

    @router.post("/people/{person}/captions/edit", summary="Change many captions at once")
    def edit(person: str, body: CaptionEdit) -> list[dict[str, Any]]:
        slug = asking.person(person).slug
        wish = Edit(one_of(body.kind, "kind", tuple(KINDS)), body.text, body.by)
        if not body.preview:
            asking.may_start()
        act = photos.preview_edit if body.preview else photos.edit_captions
        return [asdict(change) for change in act(workspace, slug, wish, body.photos)]

    @router.post("/people/{person}/captions/undo", summary="Take the last change back")
    def undo(person: str) -> dict[str, str]:
        asking.may_start()
        return {"undone": photos.undo_captions(workspace, asking.person(person).slug)}

    @router.post(
        "/people/{person}/captions/describe",
        summary="Let a tagger or captioner describe all photos that are used",
        status_code=202,
    )
    def describe(person: str, body: Describing) -> dict[str, Any]:
        asking.may_start()
        slug = asking.person(person).slug
        how = one_of(body.how, "how", photos.DESCRIBERS)
        if how != "host" and not body.folder.strip():
            raise InputError(f"No folder given: name the folder of the {how}.")
        folder = Path() if how == "host" else allowed_path(asking.host, body.folder)
        job = photos.submit_description(workspace, slug, how, folder, body.threshold)
        return job_shape(job)

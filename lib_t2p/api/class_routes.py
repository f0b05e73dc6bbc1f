"""Regularisation images: photos of others, and pictures painted with a base checkpoint."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from lib_t2p.actions import allowed_path
from lib_t2p.actions.photos import (
    class_sets,
    submit_class_images,
    submit_class_photos,
    wanted_class_pictures,
)
from lib_t2p.api.asking import Asking
from lib_t2p.api.bodies import PhotoSources
from lib_t2p.api.more_bodies import NewClassImages
from lib_t2p.api.shapes import job_shape
from lib_t2p.class_images import ClassPlan
from lib_t2p.dataset import DatasetOptions
from lib_t2p.errors import InputError


def class_routes(asking: Asking) -> APIRouter:
    """Routes of regularisation images."""
    router = APIRouter(tags=["class images"])
    workspace = asking.host.workspace

    @router.get("/people/{person}/class_photos", summary="Sets of regularisation images")
    def sets(person: str) -> list[dict[str, Any]]:
        return [asdict(one) for one in class_sets(workspace, asking.person(person).slug)]

    @router.post("/people/{person}/class_photos", summary="Import class photos", status_code=202)
    def class_photos(person: str, body: PhotoSources) -> dict[str, Any]:
        asking.may_start()
        slug = asking.person(person).slug
        sources = [allowed_path(asking.host, typed) for typed in body.sources]
        return job_shape(submit_class_photos(workspace, slug, sources))

    @router.post("/people/{person}/class_images", summary="Paint class images", status_code=202)
    def paint(person: str, body: NewClassImages) -> dict[str, Any]:
        asking.may_start()
        slug = asking.person(person).slug
        plan = _plan(asking, slug, body)
        jobs = submit_class_images(workspace, slug, plan)
        return {"pictures": plan.count, "jobs": [job_shape(job) for job in jobs]}

    return router


def _plan(asking: Asking, slug: str, body: NewClassImages) -> ClassPlan:
    values = dict(body)
    options = DatasetOptions.from_mapping(values.pop("options"))
    checkpoint = str(asking.checkpoint(values.pop("checkpoint")))
    count = values.pop("count") or wanted_class_pictures(asking.host.workspace, slug, options)
    if not count:
        raise InputError(
            f"How many class images? Give count, or POST to /people/{slug}/photos/look first."
        )
    return ClassPlan(checkpoint=checkpoint, count=count, **values)

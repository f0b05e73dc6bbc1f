"""Photos: what a build would do with each, and what the person decides."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from lib_t2p.actions import photos as actions
from lib_t2p.api.more_bodies import CropChoice, Decision, FaceAnswer, Tile
from lib_t2p.api.routes import RouteHost, Routes
from lib_t2p.api.shapes import choices_shape, job_shape, outlook_shape
from lib_t2p.errors import InputError
from lib_t2p.typed_paths import is_file, shortened


def photo_routes(served: RouteHost) -> Routes:
    """Routes of photos and of what was decided about them."""
    router = Routes("photos", served)
    workspace = served.workspace

    @router.get("/people/{person}/photos", summary="What a build would do with each photo")
    def photos(person: str) -> dict[str, Any]:
        state = actions.photo_state(workspace, served.person(person).slug)
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
        return job_shape(actions.submit_inspection(workspace, served.person(person).slug))

    _add_decisions(router, served)
    return router


def _add_decisions(router: Routes, served: RouteHost) -> None:
    workspace = served.workspace

    @router.act("/people/{person}/photos/decide", summary="Leave photos out or put them in")
    def decide(person: str, body: Decision) -> dict[str, Any]:
        slug = _with_photos(served, person, body.photos)
        return choices_shape(actions.decide(workspace, slug, body.verb, body.photos))

    @router.act("/people/{person}/photos/person", summary="Say who the dataset is about")
    def choose(person: str, body: Tile) -> dict[str, Any]:
        slug = served.person(person).slug
        return choices_shape(actions.choose_tile(workspace, slug, body.number))

    @router.act("/people/{person}/photos/face", summary="Say whether a face is the person's")
    def face(person: str, body: FaceAnswer) -> dict[str, Any]:
        slug = _with_photos(served, person, [body.photo])
        asked = (body.photo, body.face)
        said = actions.answer_face(workspace, slug, asked, is_person=body.is_person)
        return choices_shape(said)

    @router.act("/people/{person}/photos/crop", summary="Say what of a photo is used")
    def crop(person: str, body: CropChoice) -> dict[str, Any]:
        slug = _with_photos(served, person, [body.photo])
        if body.box is not None and len(body.box) != 4:
            raise InputError("A box has four numbers: left, top, right, bottom.")
        box = (body.box[0], body.box[1], body.box[2], body.box[3]) if body.box else None
        return choices_shape(actions.adjust_crop(workspace, slug, body.photo, box))


def _with_photos(served: RouteHost, person: str, names: list[str]) -> str:
    """The folder name of a person who has these photos; raises `InputError` for others."""
    folder = served.person(person)
    bad = [n for n in names if Path(n).name != n or not is_file(folder.photos / n)]
    if bad:
        named = ", ".join(map(shortened, bad[:5]))
        raise InputError(f"{folder.slug} has no photos named {named}: GET them first.")
    return folder.slug

"""Nights: from photos to a report."""

from __future__ import annotations

import time
from typing import Any

from lib_t2p import actions
from lib_t2p import nights as nights_room
from lib_t2p.api.bodies import NewNight
from lib_t2p.api.routes import NotThere, RouteHost, Routes
from lib_t2p.api.training_routes import sweep_request
from lib_t2p.workspace import NightFolder


def night_routes(served: RouteHost) -> Routes:
    """Routes of nights."""
    router = Routes("nights", served)
    workspace = served.workspace

    @router.get("/people/{person}/nights", summary="All nights and how far they are")
    def nights(person: str) -> list[dict[str, Any]]:
        return [_shape(night) for night in served.person(person).nights()]

    @router.get("/people/{person}/nights/{night}", summary="One night")
    def one(person: str, night: str) -> dict[str, Any]:
        return _shape(_known(served, person, night))

    @router.act("/people/{person}/nights", summary="Begin a night", status_code=202)
    def begin(person: str, body: NewNight) -> dict[str, Any]:
        actions.check_paths(served.host, body.dataset_options)
        request = nights_room.NightRequest(
            sweep=sweep_request(served, body.sweep),
            name=body.name,
            sources=[actions.allowed_path(served.host, typed) for typed in body.sources],
            dataset=body.dataset,
            dataset_options=body.dataset_options,
            sampler=body.sampler,
            trials=body.trials,
            finish_by=body.finish_by,
        )
        return _shape(
            nights_room.begin_night(workspace, served.person(person).slug, request, time.time())
        )

    @router.act("/people/{person}/nights/{night}/continue", summary="Go on", status_code=202)
    def go_on(person: str, night: str) -> dict[str, Any]:
        place = _known(served, person, night)
        return _shape(nights_room.continue_night(workspace, served.person(person).slug, place.id))

    @router.act("/people/{person}/nights/{night}/stop", summary="Stop; all that is made stays")
    def stop(person: str, night: str) -> dict[str, int]:
        place = _known(served, person, night)
        return {"stopped": nights_room.stop_night(workspace, served.person(person).slug, place.id)}

    return router


def _known(served: RouteHost, person: str, night: str) -> NightFolder:
    place = served.person(person).night(night)
    if not place.record.exists():
        raise NotThere(f"{person} has no night {night!r}: GET /t2p/v1/people/{person}/nights.")
    return place


def _shape(place: NightFolder) -> dict[str, Any]:
    state = nights_room.read_state(place)
    return {
        "id": place.id,
        "jobs": {stage: list(ids) for stage, ids in state.jobs.items()},
        "dataset": state.dataset or None,
        "notes": list(state.notes),
        "result": dict(state.result),
        "end": state.end,
        "reason": state.reason,
        "report": str(place.report) if place.report.exists() else None,
    }

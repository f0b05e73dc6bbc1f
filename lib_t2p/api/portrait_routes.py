"""Series of portraits: begin, go on, stop, sort."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from lib_t2p import painting
from lib_t2p import portraits as portraits_room
from lib_t2p.actions import portraits
from lib_t2p.api.bodies import Emptying, More, Move, NewPortraits, Rule, picture_of
from lib_t2p.api.routes import NotThere, RouteHost, Routes, one_of
from lib_t2p.api.shapes import job_shape
from lib_t2p.workspace import PersonFolder, PortraitsFolder, all_portraits, portraits_folder


def portrait_routes(served: RouteHost) -> Routes:
    """Routes of portraits."""
    router = Routes("portraits", served)
    workspace = served.workspace

    @router.get("/people/{person}/portraits", summary="All series and how far they are")
    def everything(person: str) -> list[dict[str, Any]]:
        folder = served.person(person)
        return [_shape(served, folder, series) for series in all_portraits(folder)]

    @router.get("/people/{person}/portraits/{series}", summary="One series with its pictures")
    def one(person: str, series: str) -> dict[str, Any]:
        folder = served.person(person)
        found = portraits_folder(folder, _known(served, person, series)[1])
        pictures = {
            "kept": sorted(path.stem for path in found.kept.glob("*.png")),
            "bin": sorted(path.stem for path in found.bin.glob("*.png")),
        }
        return {**_shape(served, folder, found), "folder": str(found.root), **pictures}

    @router.act("/people/{person}/portraits", summary="Begin a series", status_code=202)
    def begin(person: str, body: NewPortraits) -> dict[str, Any]:
        slug = served.person(person).slug
        name = body.name or portraits.free_series_name(workspace, slug)
        plan, choices = _plan(served, slug, body), portraits.choices_of(served.host)
        job = portraits.submit_portraits(workspace, slug, name, plan, choices)
        return {"series": portraits_folder(workspace.person(slug), name).id, "job": job_shape(job)}

    @router.act("/people/{person}/portraits/{series}/more", summary="Go on", status_code=202)
    def more(person: str, series: str, body: More) -> dict[str, Any]:
        known = _known(served, person, series)
        return job_shape(portraits.paint_more(workspace, *known, body.count, body.minutes))

    _add_acts(router, served)
    return router


def _add_acts(router: Routes, served: RouteHost) -> None:
    workspace = served.workspace

    @router.act("/people/{person}/portraits/{series}/stop", summary="End after this picture")
    def stop(person: str, series: str) -> dict[str, Any]:
        portraits.stop_portraits(workspace, *_known(served, person, series))
        return _status(served, person, series)

    @router.act("/people/{person}/portraits/{series}/rule", summary="Sort by another rule")
    def rule(person: str, series: str, body: Rule) -> dict[str, int]:
        known = _known(served, person, series)
        kept, binned = portraits.change_rule(
            workspace, *known, portraits_room.KeepRule(**dict(body))
        )
        return {"kept": kept, "binned": binned}

    @router.act("/people/{person}/portraits/{series}/move", summary="Keep or bin a picture")
    def move(person: str, series: str, body: Move) -> dict[str, Any]:
        place = one_of(body.place, "place", ("kept", "bin"))
        portraits.move_by_hand(workspace, *_known(served, person, series), body.picture, place)
        return _status(served, person, series)

    @router.act("/people/{person}/portraits/{series}/empty_bin", summary="Delete the bin")
    def empty(person: str, series: str, body: Emptying) -> dict[str, int]:
        known = _known(served, person, series)
        return {"deleted": portraits.empty_bin(workspace, *known, body.agreed)}


def _plan(served: RouteHost, slug: str, body: NewPortraits) -> portraits_room.PortraitPlan:
    given = {"prompt": body.prompt, "seed": body.seed, **picture_of(body)}
    request = painting.CellRequest(checkpoint=str(served.checkpoint(body.checkpoint)), **given)
    rule = portraits_room.KeepRule(**dict(body.rule))
    return portraits_room.PortraitPlan(
        slug, body.dataset, request, count=body.count, minutes=body.minutes, rule=rule
    )


def _known(served: RouteHost, person: str, series: str) -> tuple[str, str]:
    folder = served.person(person)
    found = portraits_folder(folder, series)
    if not found.plan.exists():
        raise NotThere(f"{person} has no portraits {series!r}: GET the list of them.")
    return folder.slug, found.id


def _status(served: RouteHost, person: str, series: str) -> dict[str, Any]:
    folder = served.person(person)
    return _shape(served, folder, portraits_folder(folder, series))


def _shape(served: RouteHost, folder: PersonFolder, series: PortraitsFolder) -> dict[str, Any]:
    status = portraits.series_status(served.workspace, folder.slug, series)
    return {"id": series.id, **asdict(status)}

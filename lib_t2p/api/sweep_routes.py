"""Sweeps: forecast, queue, pause, go on, stop."""

from __future__ import annotations

from typing import Any, get_args

from fastapi import APIRouter

from lib_t2p.actions import check_paths, sweeps
from lib_t2p.actions.sweeps import SweepRequest
from lib_t2p.api.asking import Asking, NotThere, one_of
from lib_t2p.api.bodies import NewSweep, Stop
from lib_t2p.api.shapes import job_shape, plan_shape, status_shape
from lib_t2p.jobs import StopWhen
from lib_t2p.sweeps import Mode, list_ready


def sweep_routes(asking: Asking) -> APIRouter:
    """Routes of sweeps."""
    router = APIRouter(tags=["sweeps"])
    workspace = asking.host.workspace

    @router.get("/ready_sweeps", summary="Sweeps that come with the program")
    def ready() -> dict[str, str]:
        return {one.name: one.title for one in list_ready()}

    @router.get("/people/{person}/sweeps", summary="Names of all sweeps")
    def names(person: str) -> list[str]:
        return [sweep.id for sweep in asking.person(person).sweeps()]

    @router.get("/people/{person}/sweeps/{sweep}", summary="Where each run stands")
    def status(person: str, sweep: str) -> list[dict[str, Any]]:
        found = sweeps.status_of(workspace, *_known(asking, person, sweep))
        return [status_shape(one) for one in found]

    @router.post("/people/{person}/sweeps/forecast", summary="What it would train and how long")
    def forecast(person: str, body: NewSweep) -> dict[str, Any]:
        slug = asking.person(person).slug
        return plan_shape(sweeps.forecast_sweep(workspace, slug, sweep_request(asking, body)))

    @router.post("/people/{person}/sweeps", summary="Queue a sweep", status_code=202)
    def start(person: str, body: NewSweep) -> dict[str, Any]:
        asking.may_start()
        slug = asking.person(person).slug
        return {"sweep": sweeps.new_sweep(workspace, slug, sweep_request(asking, body)).id}

    _add_acts(router, asking)
    return router


def _add_acts(router: APIRouter, asking: Asking) -> None:
    workspace = asking.host.workspace

    @router.post("/people/{person}/sweeps/{sweep}/pause", summary="Take waiting runs out")
    def pause(person: str, sweep: str) -> dict[str, int]:
        asking.may_start()
        return {"stopped": sweeps.pause_sweep(workspace, *_known(asking, person, sweep))}

    @router.post("/people/{person}/sweeps/{sweep}/continue", summary="Queue what is missing")
    def go_on(person: str, sweep: str, failed: bool = False) -> list[dict[str, Any]]:
        asking.may_start()
        jobs = sweeps.continue_sweep(workspace, *_known(asking, person, sweep), failed=failed)
        return [job_shape(job) for job in jobs]

    @router.post("/people/{person}/sweeps/{sweep}/stop", summary="Stop all its runs")
    def stop(person: str, sweep: str, body: Stop) -> dict[str, int]:
        asking.may_start()
        when = one_of(body.when, "when", get_args(StopWhen))
        return {"stopped": sweeps.stop_sweep(workspace, *_known(asking, person, sweep), when=when)}


def _known(asking: Asking, person: str, sweep: str) -> tuple[str, str]:
    folder = asking.person(person).sweep(sweep)
    if not folder.record.exists():
        raise NotThere(f"{person} has no sweep {sweep!r}: GET /t2p/v1/people/{person}/sweeps.")
    return folder.person.slug, folder.id


def sweep_request(asking: Asking, body: NewSweep) -> SweepRequest:
    """What is asked for, with every path checked; raises `InputError` for a foreign one."""
    given = str(asking.checkpoint(body.checkpoint)) if body.checkpoint else ""
    axes = dict(body.axes)
    if "checkpoint" in axes:
        axes["checkpoint"] = [str(asking.checkpoint(str(one))) for one in axes["checkpoint"]]
    request = SweepRequest(
        checkpoint=given,
        name=body.name,
        ready=body.ready,
        recipe=asking.recipe(body.recipe),
        overrides=body.settings,
        axes=axes,
        mode=one_of(body.mode, "mode", get_args(Mode)),
        repeats=body.repeats,
        dataset=body.dataset,
        trainer=body.trainer,
    )
    for values in request.typed_values():
        check_paths(asking.host, values)
    return request

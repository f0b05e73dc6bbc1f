"""Runs: list, check, queue. Sweeps: forecast, queue, pause, go on, stop. Nights."""

from __future__ import annotations

import time
from typing import Any, get_args

from lib_t2p import actions
from lib_t2p import jobs as jobs_room
from lib_t2p import nights as nights_room
from lib_t2p import sweeps as sweeps_room
from lib_t2p.actions import runs as run_actions
from lib_t2p.actions import sweeps
from lib_t2p.actions import sweeps as sweep_actions
from lib_t2p.api.bodies import NewNight, NewRun, NewSweep, Stop
from lib_t2p.api.routes import NotThere, RouteHost, Routes, one_of
from lib_t2p.api.shapes import check_shape, job_shape, plan_shape, run_shape, status_shape
from lib_t2p.workspace import NightFolder


def run_routes(served: RouteHost) -> Routes:
    """Routes of runs; settings that name code are never trusted here."""
    router = Routes("runs", served)
    workspace = served.workspace

    @router.get("/checkpoints", summary="Titles of base checkpoints")
    def checkpoints() -> list[str]:
        return served.host.checkpoints()

    @router.get("/people/{person}/runs", summary="All runs with their saved models")
    def runs(person: str) -> list[dict[str, Any]]:
        return [run_shape(folder) for folder in served.person(person).runs()]

    @router.get("/people/{person}/runs/{run}", summary="One run with its saved models")
    def one(person: str, run: str) -> dict[str, Any]:
        folder = served.person(person).run(run)
        if not folder.settings.exists():
            raise NotThere(f"{person} has no run {run!r}: GET /t2p/v1/people/{person}/runs.")
        return run_shape(folder)

    @router.post("/people/{person}/runs/check", summary="Findings and forecast, nothing starts")
    def check(person: str, body: NewRun) -> dict[str, Any]:
        return check_shape(
            run_actions.check_run(workspace, served.person(person).slug, **_request(body))
        )

    @router.act("/people/{person}/runs", summary="Queue a training", status_code=202)
    def start(person: str, body: NewRun) -> dict[str, Any]:
        slug = served.person(person).slug
        folder, job = run_actions.submit_run(workspace, slug, body.name, **_request(body))
        return {"run": folder.id, "job": job_shape(job)}

    def _request(body: NewRun) -> dict[str, Any]:
        actions.check_paths(served.host, body.settings)
        return {
            "recipe": served.recipe(body.recipe),
            "overrides": body.settings,
            "checkpoint": served.checkpoint(body.checkpoint),
            "dataset": body.dataset,
            "trainer": body.trainer,
        }

    return router


def sweep_routes(served: RouteHost) -> Routes:
    """Routes of sweeps."""
    router = Routes("sweeps", served)
    workspace = served.workspace

    @router.get("/ready_sweeps", summary="Sweeps that come with the program")
    def ready() -> dict[str, str]:
        return {one.name: one.title for one in sweeps_room.list_ready()}

    @router.get("/people/{person}/sweeps", summary="Names of all sweeps")
    def names(person: str) -> list[str]:
        return [sweep.id for sweep in served.person(person).sweeps()]

    @router.get("/people/{person}/sweeps/{sweep}", summary="Where each run stands")
    def status(person: str, sweep: str) -> list[dict[str, Any]]:
        found = sweeps.status_of(workspace, *_known_sweep(served, person, sweep))
        return [status_shape(one) for one in found]

    @router.post("/people/{person}/sweeps/forecast", summary="What it would train and how long")
    def forecast(person: str, body: NewSweep) -> dict[str, Any]:
        slug = served.person(person).slug
        return plan_shape(sweeps.forecast_sweep(workspace, slug, sweep_request(served, body)))

    @router.act("/people/{person}/sweeps", summary="Queue a sweep", status_code=202)
    def start(person: str, body: NewSweep) -> dict[str, Any]:
        slug = served.person(person).slug
        return {"sweep": sweeps.new_sweep(workspace, slug, sweep_request(served, body)).id}

    _add_acts(router, served)
    return router


def _add_acts(router: Routes, served: RouteHost) -> None:
    workspace = served.workspace

    @router.act("/people/{person}/sweeps/{sweep}/pause", summary="Take waiting runs out")
    def pause(person: str, sweep: str) -> dict[str, int]:
        return {"stopped": sweeps.pause_sweep(workspace, *_known_sweep(served, person, sweep))}

    @router.act("/people/{person}/sweeps/{sweep}/continue", summary="Queue what is missing")
    def go_on(person: str, sweep: str, failed: bool = False) -> list[dict[str, Any]]:
        jobs = sweeps.continue_sweep(workspace, *_known_sweep(served, person, sweep), failed=failed)
        return [job_shape(job) for job in jobs]

    @router.act("/people/{person}/sweeps/{sweep}/stop", summary="Stop all its runs")
    def stop(person: str, sweep: str, body: Stop) -> dict[str, int]:
        when = one_of(body.when, "when", get_args(jobs_room.StopWhen))
        return {
            "stopped": sweeps.stop_sweep(workspace, *_known_sweep(served, person, sweep), when=when)
        }


def _known_sweep(served: RouteHost, person: str, sweep: str) -> tuple[str, str]:
    folder = served.person(person).sweep(sweep)
    if not folder.record.exists():
        raise NotThere(f"{person} has no sweep {sweep!r}: GET /t2p/v1/people/{person}/sweeps.")
    return folder.person.slug, folder.id


def sweep_request(served: RouteHost, body: NewSweep) -> sweep_actions.SweepRequest:
    """What is asked for, with every path checked; raises `InputError` for a foreign one."""
    given = str(served.checkpoint(body.checkpoint)) if body.checkpoint else ""
    axes = dict(body.axes)
    if "checkpoint" in axes:
        axes["checkpoint"] = [str(served.checkpoint(str(one))) for one in axes["checkpoint"]]
    request = sweep_actions.SweepRequest(
        checkpoint=given,
        name=body.name,
        ready=body.ready,
        recipe=served.recipe(body.recipe),
        overrides=body.settings,
        axes=axes,
        mode=one_of(body.mode, "mode", get_args(sweeps_room.Mode)),
        repeats=body.repeats,
        dataset=body.dataset,
        trainer=body.trainer,
    )
    for values in request.typed_values():
        actions.check_paths(served.host, values)
    return request


def night_routes(served: RouteHost) -> Routes:
    """Routes of nights."""
    router = Routes("nights", served)
    workspace = served.workspace

    @router.get("/people/{person}/nights", summary="All nights and how far they are")
    def nights(person: str) -> list[dict[str, Any]]:
        return [_night_shape(night) for night in served.person(person).nights()]

    @router.get("/people/{person}/nights/{night}", summary="One night")
    def one(person: str, night: str) -> dict[str, Any]:
        return _night_shape(_known_night(served, person, night))

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
        return _night_shape(
            nights_room.begin_night(workspace, served.person(person).slug, request, time.time())
        )

    @router.act("/people/{person}/nights/{night}/continue", summary="Go on", status_code=202)
    def go_on(person: str, night: str) -> dict[str, Any]:
        place = _known_night(served, person, night)
        return _night_shape(
            nights_room.continue_night(workspace, served.person(person).slug, place.id)
        )

    @router.act("/people/{person}/nights/{night}/stop", summary="Stop; all that is made stays")
    def stop(person: str, night: str) -> dict[str, int]:
        place = _known_night(served, person, night)
        return {"stopped": nights_room.stop_night(workspace, served.person(person).slug, place.id)}

    return router


def _known_night(served: RouteHost, person: str, night: str) -> NightFolder:
    place = served.person(person).night(night)
    if not place.record.exists():
        raise NotThere(f"{person} has no night {night!r}: GET /t2p/v1/people/{person}/nights.")
    return place


def _night_shape(place: NightFolder) -> dict[str, Any]:
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

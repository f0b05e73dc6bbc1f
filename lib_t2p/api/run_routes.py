"""Runs: list, check, queue."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from lib_t2p.actions import check_paths
from lib_t2p.actions.runs import check_run, submit_run
from lib_t2p.api.asking import Asking, NotThere
from lib_t2p.api.bodies import NewRun
from lib_t2p.api.shapes import check_shape, job_shape, run_shape


def run_routes(asking: Asking) -> APIRouter:
    """Routes of runs; settings that name code are never trusted here."""
    router = APIRouter(tags=["runs"])
    workspace = asking.host.workspace

    @router.get("/checkpoints", summary="Titles of base checkpoints")
    def checkpoints() -> list[str]:
        return asking.host.checkpoints()

    @router.get("/people/{person}/runs", summary="All runs with their saved models")
    def runs(person: str) -> list[dict[str, Any]]:
        return [run_shape(folder) for folder in asking.person(person).runs()]

    @router.get("/people/{person}/runs/{run}", summary="One run with its saved models")
    def one(person: str, run: str) -> dict[str, Any]:
        folder = asking.person(person).run(run)
        if not folder.settings.exists():
            raise NotThere(f"{person} has no run {run!r}: GET /t2p/v1/people/{person}/runs.")
        return run_shape(folder)

    @router.post("/people/{person}/runs/check", summary="Findings and forecast, nothing starts")
    def check(person: str, body: NewRun) -> dict[str, Any]:
        return check_shape(check_run(workspace, asking.person(person).slug, **_request(body)))

    @router.post("/people/{person}/runs", summary="Queue a training", status_code=202)
    def start(person: str, body: NewRun) -> dict[str, Any]:
        asking.may_start()
        slug = asking.person(person).slug
        folder, job = submit_run(workspace, slug, body.name, **_request(body))
        return {"run": folder.id, "job": job_shape(job)}

    def _request(body: NewRun) -> dict[str, Any]:
        check_paths(asking.host, body.settings)
        return {
            "recipe": asking.recipe(body.recipe),
            "overrides": body.settings,
            "checkpoint": asking.checkpoint(body.checkpoint),
            "dataset": body.dataset,
            "trainer": body.trainer,
        }

    return router

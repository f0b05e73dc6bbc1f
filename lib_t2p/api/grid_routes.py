"""Grids: list and draw."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from lib_t2p.actions.submit import submit_grid
from lib_t2p.api.asking import Asking, NotThere
from lib_t2p.api.bodies import NewGrid
from lib_t2p.api.shapes import grid_shape, job_shape
from lib_t2p.errors import InputError
from lib_t2p.generation.plan import Axis, GridModel, GridPlan
from lib_t2p.people import load_person
from lib_t2p.ui.grid_planning import KnownModel, known_models
from lib_t2p.workspace import PersonFolder


def grid_routes(asking: Asking) -> APIRouter:
    """Routes of grids."""
    router = APIRouter(tags=["grids"])

    @router.get("/people/{person}/grids", summary="All grids")
    def grids(person: str) -> list[dict[str, Any]]:
        return [grid_shape(folder) for folder in asking.person(person).grids()]

    @router.get("/people/{person}/grids/{grid}", summary="One grid")
    def one(person: str, grid: str) -> dict[str, Any]:
        folder = asking.person(person).grid(grid)
        if not folder.plan.exists():
            raise NotThere(f"{person} has no grid {grid!r}: GET /t2p/v1/people/{person}/grids.")
        return grid_shape(folder)

    @router.post("/people/{person}/grids", summary="Queue a grid", status_code=202)
    def start(person: str, body: NewGrid) -> dict[str, Any]:
        asking.may_start()
        folder = asking.person(person)
        if body.checkpoint not in asking.host.checkpoints():
            raise InputError(f"There is no checkpoint {body.checkpoint!r}: GET /checkpoints.")
        plan = _plan(asking, folder, body)
        jobs = submit_grid(asking.host.workspace, folder.slug, body.name, plan)
        return {"grid": jobs[0].params["grid"], "jobs": [job_shape(job) for job in jobs]}

    return router


def _plan(asking: Asking, folder: PersonFolder, body: NewGrid) -> GridPlan:
    known = known_models(folder)
    unknown = [stem for stem in body.models if stem not in known]
    if unknown or not body.models:
        named = ", ".join(unknown) or "none given"
        raise InputError(f"No such saved models of {folder.slug}: {named}.")
    chosen = [known[stem] for stem in dict.fromkeys(body.models)]
    return GridPlan(
        person=folder.slug,
        dataset=chosen[0].run.dataset,
        checkpoint=_painted_with(asking, body.checkpoint),
        models=tuple(_grid_model(one) for one in chosen),
        x=Axis("lora_weight", tuple(body.weights)),
        y=Axis("saved_model", tuple(one.model.stem for one in chosen)),
        prompts=tuple(body.prompts),
        seeds=tuple(body.seeds),
        negative_prompt=body.negative_prompt,
        steps=body.steps,
        sampler_name=body.sampler_name,
        cfg_scale=body.cfg_scale,
        width=body.width,
        height=body.height,
        clip_skip=body.clip_skip,
        trigger=load_person(folder).trigger,
    )


def _painted_with(asking: Asking, title: str) -> str:
    path = asking.host.checkpoint_path(title)
    return str(path) if path is not None else title


def _grid_model(known: KnownModel) -> GridModel:
    model = known.model
    title = f"{known.folder.id} epoch {model.epoch}"
    return GridModel(model.path, model.stem, title, known.folder.id, model.epoch)

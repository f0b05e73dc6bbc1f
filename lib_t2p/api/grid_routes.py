"""Grids: list, draw, go on, add values; and what the blind votes on one say."""

from __future__ import annotations

from typing import Any

from lib_t2p import actions, grids
from lib_t2p import jobs as jobs_room
from lib_t2p.actions import grids as grid_actions
from lib_t2p.api.bodies import MoreValues, NewGrid, picture_of
from lib_t2p.api.routes import NotThere, RouteHost, Routes
from lib_t2p.api.shapes import grid_shape, job_shape, votes_shape
from lib_t2p.errors import InputError
from lib_t2p.grids import axes
from lib_t2p.workspace import GridFolder, PersonFolder, load_person


def plan_of(host: actions.Host, folder: PersonFolder, body: NewGrid) -> grids.GridPlan:
    """Make and check the plan.

    Raises:
        InputError: models or a sweep that there are not, or a path that may not be read.
        FaultsError: everything else that is wrong, at once.
    """
    models, base = _compared(folder, body)
    listed: dict[str, tuple[str | float, ...]] = {
        "saved_model": tuple(model.stem for model in models),
        "lora_weight": tuple(body.weights),
        "prompt": tuple(range(1, len(body.prompts) + 1)),
        "seed": tuple(body.seeds),
    }
    typed = {"x": body.x, "y": body.y, "z": body.z}
    x, y, z = grids.named_axes(typed, listed)
    path = host.checkpoint_path(body.checkpoint)
    plan = grids.GridPlan(
        person=folder.slug,
        dataset=grid_actions.known_models(folder)[models[0].stem].run.dataset,
        checkpoint=body.checkpoint if path is None else str(path),
        models=models,
        x=grid_actions.with_paths(x, host, "x"),
        y=grid_actions.with_paths(y, host, "y"),
        z=grid_actions.with_paths(z, host, "z") if z else None,
        prompts=tuple(body.prompts),
        seeds=tuple(body.seeds),
        **picture_of(body),
        trigger=load_person(folder).trigger,
        base=base,
        start=str(actions.allowed_path(host, body.start)) if body.start else "",
        denoising=body.denoising,
        lora_weight=body.weights[0] if body.weights else 1.0,
    )
    return grids.checked_plan(plan, actions.known_names(host), len(body.weights))


def values_of(
    host: actions.Host, person: PersonFolder, grid: GridFolder, body: MoreValues
) -> grid_actions.Added:
    """What `add_to_grid` needs: kind, values, models; raises as `added_values` does."""
    typed = body.values if isinstance(body.values, str) else "\n".join(body.values)
    return grid_actions.added_values(host, person, grid, body.kind, typed)


def _compared(folder: PersonFolder, body: NewGrid) -> tuple[tuple[axes.GridModel, ...], str]:
    known = grid_actions.known_models(folder)
    wanted = grids.swept_values([body.x, body.y, body.z])
    if body.sweep:
        labels = grid_actions.sweep_models(folder, body.sweep, wanted or ())
        models = tuple(known[stem].as_tested(labels) for stem in labels)
        return models, grid_actions.base_of(labels, list(labels))
    if wanted is not None:
        raise InputError("sweep: name the sweep whose values are an axis.")
    unknown = [stem for stem in body.models if stem not in known]
    if unknown or not body.models:
        named = ", ".join(unknown) or "none given"
        raise InputError(f"No such saved models of {folder.slug}: {named}.")
    return tuple(known[stem].as_tested() for stem in dict.fromkeys(body.models)), ""


def grid_routes(served: RouteHost) -> Routes:
    """Routes of grids."""
    router = Routes("grids", served)

    @router.get("/people/{person}/grids", summary="All grids")
    def grids(person: str) -> list[dict[str, Any]]:
        folder = served.person(person)
        states = {one.id: one for one in grid_actions.grid_states(served.workspace, folder)}
        return [grid_shape(grid, states.get(grid.id)) for grid in folder.grids()]

    @router.get("/people/{person}/grids/{grid}", summary="One grid")
    def one(person: str, grid: str) -> dict[str, Any]:
        folder, found = _known(served, person, grid)
        states = grid_actions.grid_states(served.workspace, folder)
        return grid_shape(found, next((s for s in states if s.id == found.id), None))

    @router.act("/people/{person}/grids", summary="Queue a grid", status_code=202)
    def start(person: str, body: NewGrid) -> dict[str, Any]:
        folder = served.person(person)
        if body.checkpoint not in served.host.checkpoints():
            raise InputError(f"There is no checkpoint {body.checkpoint!r}: GET /checkpoints.")
        plan = plan_of(served.host, folder, body)
        return _queued(grid_actions.submit_grid(served.workspace, folder.slug, body.name, plan))

    @router.act("/people/{person}/grids/{grid}/values", summary="Add values", status_code=202)
    def more(person: str, grid: str, body: MoreValues) -> dict[str, Any]:
        folder, found = _known(served, person, grid)
        added = values_of(served.host, folder, found, body)
        _, jobs = grid_actions.add_to_grid(served.workspace, folder.slug, found.id, *added)
        return _queued(jobs)

    @router.act("/people/{person}/grids/{grid}/continue", summary="Go on", status_code=202)
    def again(person: str, grid: str) -> dict[str, Any]:
        folder, found = _known(served, person, grid)
        return _queued(grid_actions.continue_grid(served.workspace, folder.slug, found.id))

    @router.act("/people/{person}/grids/{grid}/confirm", summary="Fresh seeds", status_code=202)
    def confirm(person: str, grid: str) -> dict[str, Any]:
        folder, found = _known(served, person, grid)
        return _queued(grid_actions.confirm_grid(served.workspace, folder.slug, found.id))

    return router


def _queued(jobs: list[jobs_room.Job]) -> dict[str, Any]:
    return {"grid": jobs[0].params["grid"], "jobs": [job_shape(job) for job in jobs]}


def vote_routes(served: RouteHost) -> Routes:
    """Routes of votes; voting itself is in the tab."""
    router = Routes("grids", served)

    @router.get("/people/{person}/grids/{grid}/votes", summary="Blind votes")
    def votes(person: str, grid: str) -> dict[str, Any]:
        folder, found = _known(served, person, grid)
        if not found.requests.exists():
            raise NotThere(f"Nothing of grid {grid!r} is painted yet: there are no votes on it.")
        return votes_shape(grid_actions.booth(folder, found))

    return router


def _known(served: RouteHost, person: str, grid: str) -> tuple[PersonFolder, GridFolder]:
    folder = served.person(person)
    found = folder.grid(grid)
    if not found.plan.exists():
        raise NotThere(f"{person} has no grid {grid!r}: GET /t2p/v1/people/{person}/grids.")
    return folder, found

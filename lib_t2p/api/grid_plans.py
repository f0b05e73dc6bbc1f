"""From the body of a request to a grid's plan, and to values for one that is there."""

from __future__ import annotations

from lib_t2p import actions, grids
from lib_t2p.actions import grids as grid_actions
from lib_t2p.api.bodies import MoreValues, NewGrid, picture_of
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

"""A grid's plan from the shell's arguments."""

from __future__ import annotations

from argparse import Namespace

from lib_t2p.cli.values import numbers
from lib_t2p.errors import FaultsError
from lib_t2p.generation.plan import Axis, GridModel, GridPlan
from lib_t2p.people import load_person
from lib_t2p.training.runs import read_run, saved_models
from lib_t2p.workspace import PersonFolder, Workspace

DEFAULT_PROMPT = "photo of {trigger} {class_word}"


def grid_plan_from(args: Namespace, workspace: Workspace) -> GridPlan:
    """All saved models of the named runs by LoRA weight.

    Raises:
        FaultsError: runs that are unknown or saved nothing, and all numbers that are none.
    """
    folder = workspace.person(args.person)
    person = load_person(folder)
    models = _models(folder, args.run)
    first = read_run(folder.run(args.run[0]))
    return GridPlan(
        person=folder.slug,
        dataset=first.dataset,
        checkpoint=first.checkpoint,
        models=models,
        x=Axis("lora_weight", numbers(args.weights, float, "--weights")),
        y=Axis("saved_model", tuple(model.stem for model in models)),
        prompts=tuple(args.prompt or [DEFAULT_PROMPT]),
        seeds=numbers(args.seeds, int, "--seeds"),
        steps=args.steps,
        sampler_name=args.sampler,
        cfg_scale=args.cfg,
        width=args.size,
        height=args.size,
        clip_skip=first.settings.clip_skip or 1,
        trigger=person.trigger,
    )


def _models(folder: PersonFolder, runs: list[str]) -> tuple[GridModel, ...]:
    faults = []
    models: list[GridModel] = []
    for name in runs:
        run = folder.run(name)
        saved = saved_models(run) if run.settings.exists() else []
        if not saved:
            known = ", ".join(r.id for r in folder.runs()) or "none yet"
            faults.append(f"the run {name!r} has no saved model (runs: {known})")
        models += [
            GridModel(path=m.path, stem=m.stem, label="", run=run.id, epoch=m.epoch) for m in saved
        ]
    if faults:
        raise FaultsError("--run", faults)
    return tuple(models)

"""A grid's plan from the shell's arguments."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import cast

from lib_t2p.actions.grids import base_of, known_models, sweep_models
from lib_t2p.actions.portraits import workspace_choices
from lib_t2p.cli.picture_arguments import USUAL, add_picture_arguments, picture_from
from lib_t2p.diffusion import SAMPLERS
from lib_t2p.errors import FaultsError, InputError
from lib_t2p.grids import (
    DENOISING,
    READY,
    SWEEP_VALUE,
    GridPlan,
    checked_plan,
    named_axes,
    ready_axes,
    ready_prompts,
    split,
    swept_values,
    typed_axis,
    typed_numbers,
)
from lib_t2p.grids.axes import AXIS_KINDS, AxisKind, GridModel
from lib_t2p.runs import saved_models
from lib_t2p.typed_paths import typed_path
from lib_t2p.workspace import PersonFolder, Workspace, load_person

Values = tuple[str | float, ...]
Models = tuple[GridModel, ...]
DEFAULT_PROMPT = "photo of {trigger} {class_word}"
WEIGHTS = "0.6,0.8,1.0"
_DEFAULTS = {"x": "lora_weight", "y": "saved_model", "z": ""}


def add_grid_arguments(parser: ArgumentParser) -> None:
    """Declare what a grid is made from."""
    parser.add_argument("person")
    parser.add_argument("--name", required=True, help="of the grid")
    parser.add_argument("--run", action="append", help="its saved models are compared")
    parser.add_argument("--sweep", help="the last saved model of each of its runs is compared")
    parser.add_argument("--epochs", help="of each run, such as 2-10 (+2); all when left out")
    kinds = ", ".join((*AXIS_KINDS, SWEEP_VALUE))
    for name, words in (("x", "columns"), ("y", "rows"), ("z", "blocks of rows")):
        parser.add_argument(
            f"--{name}",
            metavar="KIND[=VALUES]",
            help=f"{words}: one of {kinds}; values by comma or a range as in cfg=1-15 (+2)",
        )
    ready = ", ".join(one.name for one in READY)
    parser.add_argument("--ready", help=f"ready columns and rows: {ready}")
    parser.add_argument(
        "--add",
        metavar="KIND=VALUES",
        help="add to the grid of that name, such as seed=5-8: only new pictures are painted",
    )
    parser.add_argument("--go-on", action="store_true", help="draw what a grid still lacks")
    parser.add_argument("--weights", help=f"LoRA weights; {WEIGHTS} when left out")
    parser.add_argument("--prompt", action="append", help="with {trigger}; may be given again")
    parser.add_argument("--prompts", help="ready prompts: simple, complex, random")
    parser.add_argument("--seeds", default="1-8", help="6 or more show what is chance")
    # The clip skip of the run that is compared holds unless another one is said.
    add_picture_arguments(parser, {**USUAL, "clip_skip": None})
    parser.add_argument("--start", type=typed_path, help="picture that img2img begins with")
    parser.add_argument(
        f"--{DENOISING.flag}", type=float, default=DENOISING.default, help=DENOISING.help
    )


def added_from(args: Namespace, workspace: Workspace) -> tuple[AxisKind, Values, Models]:
    """Kind, values and models of `--add`, for a grid that is there.

    Raises:
        InputError, FaultsError: the kind or the values cannot be read.
    """
    folder = workspace.person(args.person)
    kind, _, typed = str(args.add).partition("=")
    if kind not in AXIS_KINDS:
        raise InputError(
            f"--add: there is no kind {kind!r}: choose one of {', '.join(AXIS_KINDS)}."
        )
    chosen = cast(AxisKind, kind)
    if chosen == "prompt":
        return chosen, (typed.strip(),), ()
    if chosen in ("seed", "lora_weight"):
        return chosen, typed_numbers(typed, "--add", whole=chosen == "seed"), ()
    if chosen != "saved_model":
        values = typed_axis(chosen, typed, {}, "--add").values
        unknown = [str(value) for value in values if chosen == "sampler" and value not in SAMPLERS]
        if unknown:
            raise InputError(f"--add: there is no sampler {', '.join(unknown)}.")
        return chosen, values, ()
    known = known_models(folder)
    stems = split(typed)
    unknown = [stem for stem in stems if stem not in known]
    if unknown or not stems:
        raise InputError(f"--add: there are no saved models {', '.join(unknown) or 'named'}.")
    return chosen, tuple(stems), tuple(known[stem].as_tested() for stem in stems)


def grid_plan_from(args: Namespace, workspace: Workspace) -> GridPlan:
    """Saved models of the named runs along the axes.

    Raises:
        FaultsError: runs that are unknown or saved nothing, and all values that are none.
    """
    folder = workspace.person(args.person)
    person = load_person(folder)
    typed = _typed(args, workspace)
    models, base = _compared(folder, args, typed)
    first = known_models(folder)[models[0].stem].run
    weights = _numbers(typed["weights"], "--weights")
    prompts = _prompts(args)
    seeds = cast("tuple[int, ...]", _numbers(typed["seeds"], "--seeds", whole=True))
    listed: dict[str, tuple[str | float, ...]] = {
        "saved_model": tuple(model.stem for model in models),
        "lora_weight": weights,
        "prompt": tuple(range(1, len(prompts) + 1)),
        "seed": seeds,
    }
    x, y, z = named_axes(typed, listed, "--")
    plan = GridPlan(
        person=folder.slug,
        dataset=first.dataset,
        checkpoint=first.checkpoint,
        models=models,
        x=x,
        y=y,
        z=z,
        prompts=prompts,
        seeds=seeds,
        **{"clip_skip": first.settings.clip_skip or 1, **picture_from(args)},
        trigger=person.trigger,
        lora_weight=weights[0],
        start=str(args.start.absolute()) if args.start else "",
        denoising=args.denoising,
        base=base,
    )
    return checked_plan(plan, _known_names(workspace), len(weights) if args.weights else 1)


def _typed(args: Namespace, workspace: Workspace) -> dict[str, str]:
    """Axes, weights and seeds as typed; those of ready axes where `--ready` names some."""
    typed = {name: getattr(args, name) or _DEFAULTS[name] for name in "xyz"}
    typed |= {"weights": args.weights or WEIGHTS, "seeds": args.seeds}
    if args.ready:
        ready = ready_axes(args.ready, _known_names(workspace))
        typed |= {"x": "=".join(ready.x), "y": "=".join(ready.y), "weights": ready.weights}
        typed |= {"seeds": ready.seeds} if ready.seeds else {}
    return typed


def _known_names(workspace: Workspace) -> dict[str, list[str]]:
    """What ready axes may spread without a host: our painter's samplers, our checkpoints."""
    paths = [path for _, path in workspace_choices(workspace).checkpoints]
    return {"sampler": list(SAMPLERS), "checkpoint": paths}


def _compared(
    folder: PersonFolder, args: Namespace, typed: dict[str, str]
) -> tuple[tuple[GridModel, ...], str]:
    """The saved models of the named runs or of the sweep, and the stem of the sweep's base."""
    wanted = swept_values([typed[name] for name in "xyz"])
    if wanted is not None and not args.sweep:
        raise InputError("--sweep: name the sweep whose values are an axis.")
    if not args.sweep:
        if not args.run:
            raise InputError("--run: name a run whose saved models are compared, or a --sweep.")
        return _models(folder, args.run, args.epochs), ""
    labels = sweep_models(folder, args.sweep, wanted or ())
    known = known_models(folder)
    models = tuple(known[stem].as_tested(labels) for stem in labels)
    return models, base_of(labels, list(labels))


def _numbers(typed: str, where: str, *, whole: bool = False) -> tuple[float, ...]:
    values = typed_numbers(typed, where, whole=whole)
    faults = [f"{value!r} is no number" for value in values if isinstance(value, str)]
    if whole:
        faults += [f"{v:g} is no whole number" for v in values if isinstance(v, float)]
    if faults:
        raise FaultsError(where, faults)
    return cast("tuple[float, ...]", values)


def _prompts(args: Namespace) -> tuple[str, ...]:
    if not args.prompts:
        return tuple(args.prompt or [DEFAULT_PROMPT])
    sets = {title.lower(): prompts for title, prompts in ready_prompts().items()}
    if args.prompts.lower() not in sets:
        known = ", ".join(sets)
        raise InputError(f"--prompts: there are no ready prompts {args.prompts!r}: choose {known}.")
    return (*(args.prompt or []), *sets[args.prompts.lower()])


def _models(folder: PersonFolder, runs: list[str], epochs: str | None) -> tuple[GridModel, ...]:
    wanted = _numbers(epochs, "--epochs", whole=True) if epochs else ()
    faults = []
    models: list[GridModel] = []
    for name in runs:
        run = folder.run(name)
        saved = saved_models(run) if run.settings.exists() else []
        if not saved:
            known = ", ".join(r.id for r in folder.runs()) or "none yet"
            faults.append(f"the run {name!r} has no saved model (runs: {known})")
        missing = [e for e in wanted if e not in [m.epoch for m in saved]]
        if saved and missing:
            named = ", ".join(f"{epoch:g}" for epoch in missing)
            faults.append(f"the run {name!r} has no saved model of epoch {named}")
        models += [
            GridModel(path=m.path, stem=m.stem, label="", run=run.id, epoch=m.epoch)
            for m in saved
            if not wanted or m.epoch in wanted
        ]
    if faults:
        raise FaultsError("--run", faults)
    return tuple(models)

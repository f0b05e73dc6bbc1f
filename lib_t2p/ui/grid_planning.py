"""From what was typed in the Generate tab to a grid's plan."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.errors import FaultsError, InputError, T2PError
from lib_t2p.generation.plan import Axis, GridModel, GridPlan, plan_faults
from lib_t2p.people import Person
from lib_t2p.training.runs import Run, SavedModel, read_run, saved_models
from lib_t2p.ui import text
from lib_t2p.ui.grid_fields import GridEntry
from lib_t2p.ui.numbers import number_list, real_number, whole_number
from lib_t2p.workspace import PersonFolder, RunFolder


@dataclass(frozen=True)
class KnownModel:
    """A saved model of a person with its run."""

    folder: RunFolder
    run: Run
    model: SavedModel


def known_models(person: PersonFolder) -> dict[str, KnownModel]:
    """All saved models by stem; the run that was changed last comes first, epochs in order."""
    found: dict[str, KnownModel] = {}
    for folder in sorted(person.runs(), key=_changed, reverse=True):
        try:
            run = read_run(folder)
        except T2PError:
            continue
        found |= {saved.stem: KnownModel(folder, run, saved) for saved in saved_models(folder)}
    return found


def plan_from(entry: GridEntry, folder: PersonFolder, person: Person, checkpoint: str) -> GridPlan:
    """Make and check a plan.

    Args:
        entry: what was typed.
        folder: of the person.
        person: whose trigger the prompts get.
        checkpoint: checked title or path.

    Raises:
        InputError: no model is ticked, or a number cannot be read.
        FaultsError: all other faults of the plan at once.
    """
    known = known_models(folder)
    if not known:
        raise InputError(text.GRID_NEEDS_MODELS)
    chosen = [known[stem] for stem in entry.stems or [] if stem in known]
    if not chosen:
        raise InputError("No saved model is ticked: tick at least one.")
    plan = GridPlan(
        person=folder.slug,
        dataset=chosen[0].run.dataset,
        checkpoint=checkpoint,
        models=tuple(_grid_model(known_model) for known_model in chosen),
        x=Axis("lora_weight", number_list(entry.weights, "LoRA weights")),
        y=Axis("saved_model", tuple(c.model.stem for c in chosen)),
        prompts=prompt_lines(entry.prompts),
        seeds=tuple(whole_number(seed, "Seeds") for seed in number_list(entry.seeds, "Seeds")),
        negative_prompt=(entry.negative or "").strip(),
        steps=whole_number(entry.steps, "Sampling steps"),
        sampler_name=entry.sampler or "",
        cfg_scale=real_number(entry.cfg, "CFG scale"),
        width=whole_number(entry.width, "Width"),
        height=whole_number(entry.height, "Height"),
        clip_skip=whole_number(entry.clip_skip, "Clip skip of pictures"),
        trigger=person.trigger,
    )
    faults = plan_faults(plan)
    if faults:
        raise FaultsError("This grid cannot be drawn", faults)
    return plan


def prompt_lines(typed: str | None) -> tuple[str, ...]:
    """One prompt a line; empty lines do not count."""
    return tuple(line.strip() for line in (typed or "").splitlines() if line.strip())


def forecast(entry: GridEntry) -> str:
    """How many pictures the grid will have, in a sentence; raises `InputError`."""
    models = len(entry.stems or [])
    weights = len(number_list(entry.weights, "LoRA weights"))
    prompts = len(prompt_lines(entry.prompts))
    seeds = len(number_list(entry.seeds, "Seeds"))
    each = prompts * seeds
    total = each * (1 + models * weights)
    return (
        f"{text.counted(total, 'picture')}: {text.counted(models, 'saved model')} x "
        f"{text.counted(weights, 'weight')} x {text.counted(prompts, 'prompt')} x "
        f"{text.counted(seeds, 'seed')}, and {each} without LoRA to compare with."
    )


def _grid_model(known: KnownModel) -> GridModel:
    label = f"{known.folder.id} epoch {known.model.epoch}"
    model = known.model
    return GridModel(model.path, model.stem, label, known.folder.id, model.epoch)


def _changed(folder: RunFolder) -> float:
    return max((saved.path.stat().st_mtime for saved in saved_models(folder)), default=0.0)

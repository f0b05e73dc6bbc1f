"""A workspace with people who were trained, for what the WebUI chooses from it."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path

from lib_t2p.actions.photos.new_people import new_person
from lib_t2p.runs.runs import Run, create_run
from lib_t2p.settings.recipes import load_recipe
from lib_t2p.settings.settings import settings_from
from lib_t2p.sweeps.points import Point
from lib_t2p.sweeps.storing import write_sweep
from lib_t2p.sweeps.sweep import Sweep
from lib_t2p.sweeps.sweep_axes import axis_of
from lib_t2p.sweeps.sweep_folders import make_run
from lib_t2p.sweeps.sweep_runs import expand
from lib_t2p.workspace.people import load_person
from lib_t2p.workspace.person import PersonFolder, RunFolder, Workspace

NOW = datetime(2026, 1, 2, tzinfo=timezone.utc)
SD15 = "lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight"
SDXL = "lora_unet_input_blocks_1_0_proj_in.lora_down.weight"


def person(workspace: Workspace, name: str, trigger: str, class_word: str) -> PersonFolder:
    return new_person(
        workspace, name=name, trigger=trigger, class_word=class_word, consent="yes", now=NOW
    )


def lora(path: Path, epoch: int, key: str = SD15) -> Path:
    """A saved model of an epoch, one tensor of zeros."""
    told = {
        "ss_epoch": str(epoch),
        "ss_steps": str(10 * epoch),
        "ss_output_name": path.stem,
    }
    entry = {"dtype": "F16", "shape": [4, 320], "data_offsets": [0, 2560]}
    header = json.dumps({"__metadata__": told, key: entry}).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes([epoch]) * 2560)
    return path


def save(run: RunFolder, epochs: int, key: str = SD15) -> list[str]:
    """Let a run have saved each epoch; gives the stems."""
    stems = [f"t2p_{run.person.slug}_{run.id}_e{n:02d}" for n in range(1, epochs + 1)]
    for number, stem in enumerate(stems, 1):
        lora(run.model / f"{stem}.safetensors", number, key)
    return stems


def trained(folder: PersonFolder, name: str, epochs: int, key: str = SD15) -> list[str]:
    """A run alone with its saved models."""
    who = load_person(folder)
    settings = settings_from(load_recipe("demo").values)
    base = "/models/base.safetensors"
    run = Run(folder.slug, name, 1, base, "builtin", settings, who.trigger, who.class_word)
    return save(create_run(folder, run), epochs, key)


def swept(folder: PersonFolder, name: str, **axes: list[object]) -> dict[str, str]:
    """A trained sweep; run's name within it -> stem of its last model."""
    settings = {**load_recipe("demo").values, "seed": 1}
    base = Point(
        settings=settings, checkpoint="/models/b.safetensors", dataset=1, trainer="builtin"
    )
    varied = tuple(axis_of(setting, values) for setting, values in axes.items())
    sweep = Sweep(name, folder.slug, name, base=base, axes=varied)
    place = folder.sweep(name)
    write_sweep(place, sweep)
    who = load_person(folder)
    return {run.name: save(make_run(place, run, who), 2)[-1] for run in expand(sweep)}

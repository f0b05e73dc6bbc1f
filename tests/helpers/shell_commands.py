"""The commands of the shell, and a workspace in which each of them finds what it needs."""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from generation_fakes import make_dataset, make_plan
from PIL import Image
from portrait_fakes import make_series
from safetensors.numpy import save_file

from lib_t2p.grids import write_plan
from lib_t2p.grids.cells import expand, write_cells
from lib_t2p.jobs import Queue
from lib_t2p.runs import Run, create_run
from lib_t2p.settings import settings_from
from lib_t2p.workspace import Person, Workspace, create_person, open_workspace

BASE = Path(__file__).resolve().parents[2] / "lib_t2p" / "demo" / "tiny_base"
LAYER = "lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight"
RESULTS: dict[str, dict[str, Any]] = {
    "dataset.import": {"added": 1, "known": 0, "failed": []},
    "dataset.class_photos": {"added": 1, "known": 0, "failed": []},
    "dataset.inspect": {"photos": 1, "people": 1, "chosen": 0, "doubt": ""},
    "dataset.build": {"dataset": 2, "kept": 1, "held_out": 0, "left_out": 0},
    "dataset.rebuild": {"dataset": 2, "kept": 1, "held_out": 0, "left_out": 0},
    "train.run": {"run": "second", "models": ["e01.safetensors"], "installed": ""},
    "grid.scores": {"scored": 7},
    "grid.report": {"report": "report.html", "verdict": "No difference seen."},
    "portraits.preview": {"prompts": ["photo of blh"], "unknown": []},
    "report.page": {"page": "page.html", "sentence": "One run.", "runs": 1, "failed": []},
    "train.sweep_page": {"page": "sweep.html", "sentence": "Runs.", "runs": 2, "failed": []},
    "logs.import": {"report": "logs.html", "images": [], "runs": [], "sentence": "No run."},
}
"""Job kind -> what the worker would give; an empty result for others."""


def leaf_commands(
    parser: argparse.ArgumentParser, before: tuple[str, ...] = ()
) -> list[tuple[str, ...]]:
    """Every command of the shell, as the words that are typed."""
    inner = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not inner:
        return [before]
    return [
        leaf
        for action in inner
        for name, one in action.choices.items()
        for leaf in leaf_commands(one, (*before, name))
    ]


def furnished(folder: Path) -> Workspace:
    """A person with a dataset, a run of two epochs, a planned grid and a series of portraits."""
    workspace = open_workspace(folder / "w")
    person = create_person(workspace, Person("Ada", "blh", "woman", "herself", "2026-01-01T00:00"))
    make_dataset(person)
    run = Run("ada", "first", 1, str(BASE), "builtin", settings_from({}), "blh", "woman")
    model = create_run(person, run).model
    model.mkdir(parents=True)
    for epoch in (1, 2):
        tensors = {LAYER: np.zeros((1, 2), np.float32)}
        steps = {"ss_epoch": str(epoch), "ss_steps": str(epoch)}
        save_file(tensors, model / f"t2p_ada_first_e{epoch:02d}.safetensors", steps)
    grid, plan = person.grid("g"), make_plan(person)
    write_plan(grid, plan)
    write_cells(grid, expand(plan, person))
    make_series(person)
    (folder / "photos").mkdir()
    Image.new("RGB", (64, 64), (90, 120, 60)).save(folder / "photos" / "a.png")
    shutil.copy(model / "t2p_ada_first_e01.safetensors", folder / "one.safetensors")
    (folder / "a.json").write_text('{"network_dim": 8}', encoding="utf-8")
    (folder / "b.json").write_text('{"network_dim": 16}', encoding="utf-8")
    return workspace


def work_off(workspace: Workspace) -> None:
    """Finish each job that could begin, with what `RESULTS` says of its kind."""
    queue = Queue(workspace)
    while job := queue.claim(("light", "gpu", "paint"), f"test {os.getpid()}"):
        queue.finish(job.id, RESULTS.get(job.kind, {}))

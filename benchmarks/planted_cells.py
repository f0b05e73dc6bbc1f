"""Pictures of the planted LoRAs, drawn and scored once; the verdict's trials sample from them.

    python -m benchmarks.planted_cells SCRATCH

After `benchmarks.planted_models`. What is drawn already is not drawn again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.planted_models import MODELS, PERSON, planted_workspace, train
from lib_t2p.cli_output import Output
from lib_t2p.demo.demo_settings import BASE, PIXELS, SAMPLER, DemoSize
from lib_t2p.diffusion.painter import DiffusersPainter
from lib_t2p.grids.axes.axes import Axis, GridModel
from lib_t2p.grids.cells.cells import expand, write_cells
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.grids.plan_files import GridPlan, write_plan
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.lora.trial import install_trial
from lib_t2p.scores.scoring import score_grid
from lib_t2p.vision.faces.tools import load_tools
from lib_t2p.workspace.person import GridFolder, Workspace

GRID = "planted"
WEIGHTS = (0.7, 1.0)
SEEDS = tuple(range(1, 65))
"""Drawn for each model, weight and prompt; a trial samples 8 of them."""


def planted_grid(workspace: Workspace) -> GridFolder:
    """The grid of all planted models, planned at the first call."""
    person = workspace.person(PERSON)
    grid = person.grid(GRID)
    paths = {planted.name: train(workspace, planted) for planted in MODELS}
    models = tuple(GridModel(path, path.stem, label=name, run=name) for name, path in paths.items())
    for model in models:
        install_trial(model.path, workspace.loras, model.stem)
    size = DemoSize()
    plan = GridPlan(
        person=person.slug,
        dataset=1,
        checkpoint=str(BASE),
        models=models,
        x=Axis("lora_weight", WEIGHTS),
        y=Axis("saved_model", tuple(model.stem for model in models)),
        prompts=size.prompts,
        seeds=SEEDS,
        steps=size.steps,
        sampler_name=SAMPLER,
        cfg_scale=size.cfg_scale,
        width=PIXELS,
        height=PIXELS,
    )
    if not grid.plan.exists():
        write_plan(grid, plan)
        write_cells(grid, expand(plan, person))
    return grid


def main(argv: Sequence[str] | None = None) -> int:
    """Draw and score all that is missing."""
    parser = argparse.ArgumentParser(prog="benchmarks.planted_cells", description=__doc__)
    parser.add_argument("scratch", type=Path)
    workspace = planted_workspace(parser.parse_args(argv).scratch.absolute())
    grid = planted_grid(workspace)
    painted = paint_cells(grid, DiffusersPainter(workspace.loras), SilentReporter())
    scores = score_grid(grid, workspace.person(PERSON), load_tools(), SilentReporter())
    Output().line(f"{painted.painted} drawn, {len(scores.cells)} scored in {grid.root}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A folder of LoRAs, scored: pictures of each, likeness to held-out photos, and the verdict."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from examples.photos_to_dataset import ada, dataset_of
from lib_t2p.cli_output import Output
from lib_t2p.diffusion import DiffusersPainter
from lib_t2p.grids import GridPlan, write_plan
from lib_t2p.grids.axes import Axis, GridModel
from lib_t2p.grids.cells import expand, paint_cells, write_cells
from lib_t2p.jobs.events import SilentReporter
from lib_t2p.scores import final_verdict, score_grid
from lib_t2p.scores.verdict import Verdict
from lib_t2p.vision.faces import load_tools
from lib_t2p.workspace import DatasetFolder, GridFolder, PersonFolder

PROMPT = "photo of {trigger} {class_word}"


def grid_of(
    person: PersonFolder,
    dataset: DatasetFolder,
    loras: Path,
    checkpoint: Path,
    *,
    weights: Sequence[float] = (0.6, 0.8, 1.0),
    seeds: Sequence[int] = (1, 2, 3, 4, 5, 6),
    size: int = 512,
    steps: int = 20,
) -> GridFolder:
    """Plan a grid of every LoRA in a folder by its weight, and the base checkpoint alone.

    Args:
        person: whom they show.
        dataset: its held-out photos are the yardstick.
        loras: folder of `.safetensors` files.
        checkpoint: that they were trained on.
        weights: of the LoRAs.
        seeds: with 6 or more a difference can be told from chance.
        size: side of the pictures, pixels.
        steps: of sampling.
    """
    models = tuple(GridModel(f, f.stem, f.stem) for f in sorted(loras.glob("*.safetensors")))
    plan = GridPlan(
        person=person.slug,
        dataset=dataset.number,
        checkpoint=str(checkpoint),
        models=models,
        x=Axis("lora_weight", tuple(weights)),
        y=Axis("saved_model", tuple(model.stem for model in models)),
        prompts=(PROMPT,),
        seeds=tuple(seeds),
        steps=steps,
        width=size,
        height=size,
    )
    grid = person.grid("loras")
    write_plan(grid, plan)
    write_cells(grid, expand(plan, person))
    return grid


def judged(grid: GridFolder, person: PersonFolder, loras: Path) -> Verdict:
    """Paint what the grid lacks, score it, and find the verdict."""
    reporter = SilentReporter()
    paint_cells(grid, DiffusersPainter(loras), reporter)
    score_grid(grid, person, load_tools(), reporter)
    return final_verdict(grid, person)


def main() -> None:
    """Score a folder of LoRAs with a folder of photos."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("loras", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("photos", type=Path)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--size", type=int, default=512)
    args = parser.parse_args()
    person = ada(args.workspace)
    dataset = dataset_of(person, args.photos, args.size)
    grid = grid_of(person, dataset, args.loras, args.checkpoint, size=args.size)
    Output().line(judged(grid, person, args.loras).sentence)


if __name__ == "__main__":
    main()

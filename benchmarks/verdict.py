"""Whether the verdict finds what was planted: 100 trials of 8 seeds each.

    python -m benchmarks.verdict SCRATCH

After `benchmarks.planted_cells`. Each trial samples seeds of the pictures that are drawn and judges
the good, the early and the copying LoRA of the person, another person's, and none; then the good
one against an equal one that was trained with another seed.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.planted_cells import GRID, SEEDS
from benchmarks.planted_models import PERSON
from lib_t2p.cli_output import Output
from lib_t2p.grids.axes.axes import Axis
from lib_t2p.grids.cells.cell_files import cell_path
from lib_t2p.grids.cells.cells import read_cells
from lib_t2p.grids.plan_files import GridPlan, read_plan
from lib_t2p.scores.measuring import read_picture
from lib_t2p.scores.verdict.scores import CellScore, Scores, read_scores
from lib_t2p.scores.verdict.verdict import Verdict, judge
from lib_t2p.vision.likeness.same_picture import Shape, picture_shape, same_as_others
from lib_t2p.workspace.person import GridFolder, open_workspace

TRIALS = 100
SEEDS_EACH = 8
ROUNDS = (("good", "early", "copycat", "stranger"), ("good", "equal"))
TUNING_SEEDS = SEEDS[:16]
"""Thresholds were set looking at these; trials sample from the others only."""


@dataclass(frozen=True)
class Drawn:
    """All that was drawn.

    Attributes:
        plan: of the grid.
        scores: of its cells.
        shapes: of its pictures, by cell.
    """

    plan: GridPlan
    scores: Scores
    shapes: Mapping[str, Shape]


def read_drawn(grid: GridFolder) -> Drawn:
    """Read the planted grid."""
    cells = read_cells(grid)
    shapes = {cell.id: picture_shape(read_picture(cell_path(grid, cell))) for cell in cells}
    return Drawn(read_plan(grid), read_scores(grid), shapes)


def trial(drawn: Drawn, names: Sequence[str], seeds: Sequence[int]) -> Verdict:
    """Judge some of the models on some of the seeds, as if no others had been drawn."""
    plan = drawn.plan
    models = tuple(model for model in plan.models if model.label in names)
    stems = tuple(model.stem for model in models)
    smaller = replace(plan, models=models, y=Axis("saved_model", stems), seeds=tuple(seeds))
    groups: dict[tuple[str, float], list[CellScore]] = {}
    for cell in drawn.scores.cells:
        if cell.seed in seeds and cell.model in (*stems, ""):
            groups.setdefault((cell.model, cell.weight), []).append(cell)
    cells = [cell for group in groups.values() for cell in _repeats_anew(group, drawn.shapes)]
    return judge(smaller, replace(drawn.scores, cells=tuple(cells)))


def _repeats_anew(group: Sequence[CellScore], shapes: Mapping[str, Shape]) -> list[CellScore]:
    shares = same_as_others([shapes[c.id] for c in group], [c.seed for c in group])
    return [replace(cell, repeated=share) for cell, share in zip(group, shares, strict=True)]


def outcomes(drawn: Drawn, names: Sequence[str], trials: int) -> Counter[str]:
    """Who led how often, and how often two models could not be told apart."""
    chance = random.Random(1)
    left = [seed for seed in drawn.plan.seeds if seed not in TUNING_SEEDS]
    found: Counter[str] = Counter()
    for _ in range(trials):
        verdict = trial(drawn, names, chance.sample(left, SEEDS_EACH))
        leader = drawn.plan.title_of(verdict.leader.model) if verdict.leader else "nobody"
        found[f"leader {leader}"] += 1
        tied = {drawn.plan.title_of(candidate.model) for candidate in verdict.ties} - {leader}
        found["tied with another model" if tied else "told apart from all models"] += 1
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Print how the trials ended."""
    parser = argparse.ArgumentParser(prog="benchmarks.verdict", description=__doc__)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--trials", type=int, default=TRIALS)
    args = parser.parse_args(argv)
    workspace = open_workspace(args.scratch.absolute() / "workspace")
    grid = workspace.person(PERSON).grid(GRID)
    drawn = read_drawn(grid)
    output = Output()
    for names in ROUNDS:
        found = outcomes(drawn, names, args.trials)
        rows = [[what, f"{count} of {args.trials}"] for what, count in found.most_common()]
        output.line(", ".join(names))
        output.table(["outcome", "trials"], rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())

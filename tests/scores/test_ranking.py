from __future__ import annotations

from pathlib import Path

from generation_fakes import make_plan

from lib_t2p.grids.axes.axes import Axis, GridModel
from lib_t2p.grids.plan_files import write_plan
from lib_t2p.scores.verdict.scores import CellScore, RealPhotos, Scores, write_scores
from lib_t2p.scores.verdict.verdict import judged_models, ranked_models
from lib_t2p.workspace.person import GridFolder, PersonFolder

REAL = RealPhotos(3, 10, 0, (0.3, 0.32, 0.35, 0.4), (0.2, 0.22, 0.25, 0.3, 0.35), False)
DISTANCES = {
    ("", 0.0): 0.9,
    ("e01", 0.6): 0.7,
    ("e01", 1.0): 0.3,
    ("e02", 0.6): 0.2,
    ("e02", 1.0): 0.8,
    ("e03", 0.6): 0.5,
    ("e03", 1.0): 0.6,
    ("e04", 0.6): None,
    ("e04", 1.0): None,
}


def scored(person: PersonFolder, grid: GridFolder) -> None:
    stems = ("e01", "e02", "e03", "e04")
    plan = make_plan(
        person,
        models=tuple(GridModel(Path(stem), stem) for stem in stems),
        x=Axis("saved_model", stems),
        y=Axis("lora_weight", (0.6, 1.0)),
        prompts=("photo of {trigger}",),
        seeds=(1,),
    )
    write_plan(grid, plan)
    cells = tuple(
        CellScore(
            id=f"{model}-{weight}",
            model=model,
            weight=weight,
            prompt=0,
            seed=1,
            faces=int(distance is not None),
            distances=None if distance is None else (distance,),
            distance=distance,
            nearest_training=distance,
            sharpness=distance,
            picture="",
        )
        for (model, weight), distance in DISTANCES.items()
    )
    write_scores(grid, Scores("fake painter", "d", "e", 0.6, "r", REAL, cells))


def test_models_are_ranked_by_their_best_weight_and_faceless_ones_come_last(
    person: PersonFolder, grid: GridFolder
) -> None:
    scored(person, grid)
    assert judged_models(person) == []
    grid.report.write_text("the verdict", encoding="utf-8")
    assert judged_models(person) == [["e02", "e01", "e03", "e04"]]


def test_a_damaged_grid_ranks_nothing(person: PersonFolder, grid: GridFolder) -> None:
    scored(person, grid)
    grid.report.write_text("the verdict", encoding="utf-8")
    grid.scores.write_text("{", encoding="utf-8")
    assert ranked_models(grid) == []

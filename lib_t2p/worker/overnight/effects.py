"""The runs of a sweep as the room of pictures compares them."""

from __future__ import annotations

from collections import Counter

from lib_t2p.generation.effects import ComparedRun, Effect, effects
from lib_t2p.generation.plan import GridPlan
from lib_t2p.generation.scores import Scores
from lib_t2p.training.sweeps.expanding import expand
from lib_t2p.training.sweeps.sweep import Sweep


def effects_of(sweep: Sweep, plan: GridPlan, scores: Scores, names: dict[str, str]) -> list[Effect]:
    """What each setting of a sweep does to the likeness.

    Args:
        sweep: says which runs differ in what.
        plan: of the grid that shows the runs' last models.
        scores: of that grid.
        names: folder name of a run -> its name within the sweep.
    """
    stems = {names.get(model.run, ""): model.stem for model in plan.models}
    seen: Counter[str] = Counter()
    compared = []
    for run in expand(sweep):
        stem = next((stems[name] for name in (run.name, *run.also) if name in stems), None)
        if stem is not None:
            compared.append(ComparedRun(stem, run.labels, seen[run.group]))
            seen[run.group] += 1
    return effects(compared, scores)

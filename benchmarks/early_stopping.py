"""Whether a search that stops hopeless runs finds what the whole sweep finds, and at what cost.

    python -m benchmarks.early_stopping SCRATCH

For each of 5 seeds a sweep of 12 runs is trained to the end on the tiny base. Then the search of
the product chooses among the same runs: it meets saved models that are there already, which are
bit for bit those that it would have trained up to each of its rungs, and the steps that it asked
for are counted. What it found is compared with the verdict over all 12 ends. Nothing that is done
already is done again.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.planted_models import MODELS, PERSON, dataset_of, planted_workspace
from benchmarks.small_worker import do_all
from lib_t2p.actions.sweeps import sweeps
from lib_t2p.actions.sweeps.searches import STEP, SearchWish, look_for, newest_step, queue_search
from lib_t2p.actions.sweeps.sweep_request import SweepRequest
from lib_t2p.cli_output import Output
from lib_t2p.demo.demo_settings import BASE
from lib_t2p.grids.chain import queue_grid
from lib_t2p.grids.plan_files import read_plan, write_plan
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.jobs.job import JobState
from lib_t2p.jobs.queue import Queue
from lib_t2p.runs.runs import SavedModel, saved_models
from lib_t2p.runs.supervision.supervisor import run_training
from lib_t2p.scores.objective import mean_distances
from lib_t2p.scores.verdict.scores import read_scores
from lib_t2p.scores.verdict.verdict import Verdict, judge
from lib_t2p.search.rung_grids import models_grid
from lib_t2p.search.search_plan import read_search, rung_epoch
from lib_t2p.search.step import entrants
from lib_t2p.settings.recipes import load_recipe
from lib_t2p.settings.settings import settings_from
from lib_t2p.sweeps.storing import read_sweep
from lib_t2p.sweeps.sweep_folders import made_runs, make_run
from lib_t2p.workspace.people import load_person
from lib_t2p.workspace.person import RunFolder, SweepFolder, Workspace

SEEDS = (1, 2, 3, 4, 5)
AXES: Mapping[str, Sequence[float]] = {
    "learning_rate": [3e-4, 1e-3, 3e-3, 6e-3],
    "network_dim": [4, 16, 32],
}
EPOCHS, REPEATS = 10, 4
BATCH = 2
PAINT_STEPS = 10
"""Half of the tiny base's own; runs are compared as well by them, and sooner."""
PICTURE_SEEDS = tuple(range(31, 43))
"""Of the comparison of all ends; other pictures than those that the search looks at."""
MOST_SPENT = 0.45
"""Share of the whole sweep's steps that a search may ask for."""


@dataclass(frozen=True)
class Outcome:
    """What one seed showed.

    Attributes:
        seed: of training.
        best: run that the verdict over all ends puts first.
        found: run that the search found.
        tied: the verdict cannot tell them apart, or they are the same.
        lost: distance of what was found minus that of the best, at the end of training.
        spent: share of the whole sweep's steps that the search asked for.
    """

    seed: int
    best: str
    found: str
    tied: bool
    lost: float
    spent: float


def prepare(scratch: Path, seed: int) -> list[Path]:
    """Make one seed's sweep; gives the folders of its runs."""
    workspace = _workspace(scratch, seed)
    place, who = _sweep(workspace, seed), load_person(workspace.person(PERSON))
    runs = entrants(read_sweep(place), {})
    return [(made_runs(place).folder_of(run) or make_run(place, run, who)).root for run in runs]


def train(run: Path) -> None:
    """Train one run to its end; one that is trained already is not trained again."""
    run_training(RunFolder(run), SilentReporter())


def measure(scratch: Path, seed: int) -> Outcome:
    """Search and compare one seed whose runs are trained; nothing is done twice."""
    workspace = _workspace(scratch, seed)
    place = _sweep(workspace, seed)
    models = _ends(place)
    result = _search(workspace, place)
    verdict, distances = _compare_ends(workspace, place, models)
    if verdict.leader is None:
        raise RuntimeError(f"Seed {seed}: {verdict.sentence}")
    best = verdict.leader.model
    alike = {best, *(candidate.model for candidate in verdict.ties)}
    found = models[result["best"]].stem
    return Outcome(
        seed=seed,
        best=next(name for name, model in models.items() if model.stem == best),
        found=result["best"],
        tied=found in alike,
        lost=distances[found] - distances[best],
        spent=_spent(place, result["trials"]),
    )


def _workspace(scratch: Path, seed: int) -> Workspace:
    return planted_workspace(scratch / f"seed-{seed}")


def _sweep(workspace: Workspace, seed: int) -> SweepFolder:
    place = workspace.person(PERSON).sweep(f"stopping-{seed}")
    if place.search.exists():
        return place
    request = SweepRequest(
        checkpoint=str(BASE),
        name=place.id,
        recipe="demo",
        overrides={
            "seed": seed,
            "max_train_epochs": EPOCHS,
            "save_every_n_epochs": 1,
            "train_batch_size": BATCH,
        },
        axes=AXES,
        dataset=dataset_of(workspace.person(PERSON), replace(MODELS[0], repeats=REPEATS)),
    )
    look = look_for(str(BASE), settings_from(load_recipe("demo").values))
    wish = SearchWish("grid", look=replace(look, steps=PAINT_STEPS))
    return sweeps.store_sweep(workspace, PERSON, request, wish)


def _ends(place: SweepFolder) -> dict[str, SavedModel]:
    """The last models of all runs by the runs' names."""
    made = made_runs(place)
    folders = {run.name: made.folder_of(run) for run in entrants(read_sweep(place), {})}
    return {name: saved_models(folder)[-1] for name, folder in folders.items() if folder}


def _search(workspace: Workspace, place: SweepFolder) -> dict[str, Any]:
    """Let the search choose among the runs; gives its result."""
    queue = Queue(workspace)
    done = queue.jobs(states=(JobState.FINISHED,), person=place.person.slug, kind=STEP)
    if not any("best" in job.result for job in done):
        queue_search(queue, place)
        do_all(workspace)
    return newest_step(queue, place).result


def _compare_ends(
    workspace: Workspace, place: SweepFolder, models: Mapping[str, SavedModel]
) -> tuple[Verdict, dict[str, float]]:
    """The verdict over the ends of all runs, and their distances by stem."""
    grid = workspace.person(PERSON).grid(f"{place.id} ends")
    if not grid.plan.exists():
        look = replace(read_search(place).look, seeds=PICTURE_SEEDS)
        shown = [(model.path.parent.parent.name, name, model) for name, model in models.items()]
        write_plan(grid, models_grid(workspace.person(PERSON), read_sweep(place), look, shown))
        queue_grid(Queue(workspace), workspace.person(PERSON), grid)
    do_all(workspace)
    plan, scores = read_plan(grid), read_scores(grid)
    return judge(plan, scores), mean_distances(plan, scores)


def _spent(place: SweepFolder, trials: Sequence[Sequence[Any]]) -> float:
    """Share of the whole sweep's epochs that the search asked for."""
    rungs = read_search(place).rungs
    asked = [rung_epoch(EPOCHS, 1, rungs[trial[-1] - 1]) for trial in trials]
    return sum(asked) / (EPOCHS * len(asked))


def main(argv: Sequence[str] | None = None) -> int:
    """Print what each seed showed; 0 when the search did as it must."""
    parser = argparse.ArgumentParser(prog="benchmarks.early_stopping", description=__doc__)
    parser.add_argument("scratch", type=Path)
    args = parser.parse_args(argv)
    # A tiny base is trained faster by one thread than by two, so each core has a run of its own.
    os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"
    cores = min(os.cpu_count() or 1, len(SEEDS))
    scratch = args.scratch.absolute()
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        runs = list(pool.map(partial(prepare, scratch), SEEDS))
        # Run by run, so that no core waits for the other's seed.
        list(pool.map(train, chain.from_iterable(runs)))
        found = list(pool.map(partial(measure, scratch), SEEDS))
    output = Output()
    output.table(
        ["seed", "best of the sweep", "found", "tied", "lost", "steps spent"],
        [
            [f"{o.seed}", o.best, o.found, _yes(o.tied), f"{o.lost:+.3f}", f"{o.spent:.0%}"]
            for o in found
        ],
    )
    right = sum(o.tied for o in found)
    spent = max(o.spent for o in found)
    output.line(
        f"The best, or one tied with it, was found for {right} of {len(found)} seeds with at most "
        f"{spent:.0%} of the steps ({MOST_SPENT:.0%} are allowed)."
    )
    return 0 if right == len(found) and spent <= MOST_SPENT else 1


def _yes(value: bool) -> str:
    return "yes" if value else "no"


if __name__ == "__main__":
    sys.exit(main())

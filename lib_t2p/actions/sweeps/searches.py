"""Searches: which sweeps can be searched, how pictures compare their runs, and the first step."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

from lib_t2p.diffusion import Family, recognise
from lib_t2p.errors import InputError, SettingsError, T2PError
from lib_t2p.jobs import ACTIVE, Job, Queue
from lib_t2p.painting import ComparedPictures
from lib_t2p.search import RUNGS, WITHOUT_STOPPING, Sampler, SearchPlan, plan_faults
from lib_t2p.settings import Settings, settings_from
from lib_t2p.sweeps import Sweep
from lib_t2p.workspace import SweepFolder

STEP = "search.step"
SMALLEST = 64
"""Pixels of a side below which nothing is painted."""
TINY = 256
"""Pixels of a side below which no family is trained."""


@dataclass(frozen=True)
class SearchWish:
    """What a form or a shell says of a search.

    Attributes:
        sampler: as of `SearchPlan`.
        trials: runs that are begun; 0 is every combination.
        look: how pictures are painted; None takes `default_look`.
        early: whether hopeless runs are stopped early; otherwise every begun run is trained to
            its end and only then compared.
    """

    sampler: Sampler = "grid"
    trials: int = 0
    look: ComparedPictures | None = None
    early: bool = True


def search_plan(sweep: Sweep, wish: SearchWish) -> SearchPlan:
    """The checked plan of a search.

    Raises:
        InputError: no single grid can compare the runs of this sweep.
        SettingsError: all faults of the plan.
    """
    _refuse_unsearchable(sweep)
    plan = SearchPlan(
        sampler=wish.sampler,
        look=wish.look or look_for(sweep.base.checkpoint, settings_from(sweep.base.settings)),
        trials=wish.trials,
        rungs=RUNGS if wish.early else WITHOUT_STOPPING,
        seed=int(sweep.base.settings.get("seed") or 0),
    )
    if faults := plan_faults(plan):
        raise SettingsError("This search cannot be used", faults)
    return plan


def searchable(sweep: Sweep) -> Sweep:
    """The sweep with runs that save, and can be gone on with, where the search compares them."""
    settings = dict(sweep.base.settings)
    epochs = settings_from(settings).max_train_epochs
    every = settings_from(settings).save_every_n_epochs or 0
    settings["save_state"] = True
    if epochs:
        first = max(1, math.floor(epochs * RUNGS[0].trained))
        settings["save_every_n_epochs"] = min(every or first, first)
    return replace(sweep, base=replace(sweep.base, settings=settings))


def _refuse_unsearchable(sweep: Sweep) -> None:
    for axis in sweep.axes:
        if any(name in ("checkpoint", "dataset") for c in axis.choices for name in c.changes):
            raise InputError(
                f"A search cannot compare values of {axis.short_name}: pictures of different base "
                "checkpoints or held-out photos are not comparable. Train the whole sweep instead."
            )


def look_for(checkpoint: str, settings: Settings) -> ComparedPictures:
    """How pictures of a checkpoint are painted when nobody says otherwise.

    512 px for SD1.5 and 1024 px for SDXL, which they were trained at; less when the settings
    train at less. Tiny bases, which are trained below 256 px, follow a prompt best at low
    guidance with the plain Euler sampler.
    """
    native = 512
    try:
        if recognise(Path(checkpoint)) is Family.SDXL:
            native = 1024
    except T2PError:
        native = 512  # the checks of the run say what is wrong with it
    side = max(SMALLEST, min(native, *settings.size) // 8 * 8)
    look = replace(ComparedPictures(), width=side, height=side, clip_skip=settings.clip_skip or 1)
    if side < TINY:
        return replace(look, sampler_name="Euler", steps=20, cfg_scale=2.0)
    return look


def search_steps(queue: Queue, place: SweepFolder) -> list[Job]:
    """The steps of a sweep's search that wait or work."""
    about = {"sweep": place.id}
    return queue.jobs(states=ACTIVE, person=place.person.slug, kind=STEP, about=about)


def newest_step(queue: Queue, place: SweepFolder) -> Job:
    """The newest step of a sweep's search; raises `InputError` when there is none."""
    found = queue.newest(1, person=place.person.slug, kind=STEP, about={"sweep": place.id})
    if not found:
        raise InputError(f"{place.id} is not being searched: begin it with --search.")
    return found[0]


def queue_search(queue: Queue, place: SweepFolder) -> list[Job]:
    """Queue the next step of a search unless one waits or works; gives what was queued."""
    if search_steps(queue, place):
        return []
    params = {"person": place.person.slug, "sweep": place.id}
    return [queue.submit(STEP, params, person=place.person.slug)]

"""From photos to a report in one night: begin, go on, stop, look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from lib_t2p.actions import comparable, dataset_version, known_person, stop_job
from lib_t2p.actions import runs as run_actions
from lib_t2p.actions import sweeps as sweep_actions
from lib_t2p.dataset import DatasetOptions
from lib_t2p.errors import InputError
from lib_t2p.jobs import ACTIVE, Job, Queue, ensure_worker
from lib_t2p.nights.night import (
    MODELS,
    WEIGHTS,
    Night,
    read_night,
    read_state,
    write_night,
    write_state,
)
from lib_t2p.painting import ComparedPictures
from lib_t2p.workspace import NightFolder, PersonFolder, Workspace

STEP = "overnight.step"


@dataclass(frozen=True)
class NightRequest:
    """What a form or a shell gives; the fields are those of `Night`.

    Attributes:
        name: of the night; `night 1` and so on when empty.
        sources: folders or files of photos.
        sweep: what is trained and compared.
        dataset: version to train on; 0 builds a new one.
        dataset_options: of the new one.
        sampler: stops hopeless runs early; empty trains all to the end.
        trials: runs that the sampler begins.
        look: how pictures are painted.
        weights: LoRA weights of the last grid.
        models: saved models of the last grid.
        finish_by: Unix seconds, or None.
        notify_url: told when it is over.
        notify_desktop: whether the desktop shows a message.
    """

    sweep: sweep_actions.SweepRequest
    name: str = ""
    sources: Sequence[Path] = ()
    dataset: int = 0
    dataset_options: Mapping[str, Any] = field(default_factory=dict)
    sampler: str = "grid"
    trials: int = 0
    look: ComparedPictures | None = None
    weights: tuple[float, ...] = WEIGHTS
    models: int = MODELS
    finish_by: float | None = None
    notify_url: str = ""
    notify_desktop: bool = True


def begin_night(
    workspace: Workspace, person: str, request: NightRequest, now: float
) -> NightFolder:
    """Begin a night, or go on with the unfinished one that was asked for in the same words.

    Args:
        workspace: where the person lives.
        person: name or folder name.
        request: what is wanted.
        now: Unix seconds.

    Raises:
        InputError: no photos and no dataset, a source is missing, or another night is unfinished.
        FaultsError, SettingsError: all faults of the request.
    """
    folder = known_person(workspace, person)
    night = _night(folder, request, now)
    unfinished = unfinished_night(folder)
    if unfinished is not None:
        if read_night(unfinished).wish != night.wish:
            raise InputError(
                f"The night {unfinished.id!r} is not over yet and asks for something else: go on "
                f"with `t2p.py overnight {folder.slug} --continue`, or end it with --stop."
            )
        return continue_night(workspace, person, unfinished.id)
    _check(workspace, folder, request)
    place = folder.night(night.id)
    if place.record.exists():
        raise InputError(f"A night named {place.id!r} exists already: choose another name.")
    write_night(place, night, now)
    return continue_night(workspace, person, place.id)


def continue_night(workspace: Workspace, person: str, night_id: str) -> NightFolder:
    """Go on with a night that was stopped, failed or cut off; nothing is done twice.

    Raises:
        InputError: there is no such night, or it is over.
    """
    folder = known_person(workspace, person)
    place = folder.night(night_id)
    if not place.record.exists():
        known = ", ".join(n.id for n in folder.nights()) or "none yet"
        raise InputError(f"{folder.slug} has no night {night_id!r} (nights: {known}).")
    state = read_state(place)
    if state.end == "finished":
        raise InputError(f"The night {place.id!r} is over: see {place.report}.")
    queue = Queue(workspace)
    if not _active(queue, place, folder):
        # Stages whose jobs failed or were stopped are tried again; what is made is found again.
        kept = {stage: ids for stage, ids in state.jobs.items() if _all_well(queue, ids)}
        write_state(place, replace(state, end="", reason="", jobs=kept))
        params = {"person": folder.slug, "night": place.id}
        queue.submit(STEP, params, person=folder.slug)
    ensure_worker(workspace)
    return place


def stop_night(workspace: Workspace, person: str, night_id: str) -> int:
    """Stop a night and what it trains and paints just now; all that is made stays.

    Returns:
        How many jobs were stopped.
    """
    folder = known_person(workspace, person)
    place = folder.night(night_id)
    queue = Queue(workspace)
    steps = _active(queue, place, folder)
    waited = [need.rstrip("?") for job in steps for need in job.needs]
    stopped = 0
    for job in [*[j.id for j in steps], *waited]:
        if not queue.get(job).is_over:
            stop_job(workspace, job)
            stopped += 1
    state = read_state(place)
    if not state.end:
        write_state(place, replace(state, end="stopped", reason="You stopped it."))
    return stopped


def unfinished_night(folder: PersonFolder) -> NightFolder | None:
    """The newest night that is not over; a stopped or failed one counts as over."""
    found = [n for n in folder.nights() if not read_state(n).end]
    return max(found, key=lambda n: read_night(n).created, default=None)


def newest_night_step(queue: Queue, place: NightFolder, folder: PersonFolder) -> Job:
    """The newest step of a night; raises `InputError` when there is none."""
    jobs = queue.newest(1, person=folder.slug, kind=STEP, about={"night": place.id})
    if not jobs:
        raise InputError(f"The night {place.id!r} was never begun: continue it.")
    return jobs[0]


def _active(queue: Queue, place: NightFolder, folder: PersonFolder) -> list[Job]:
    about = {"night": place.id}
    return queue.jobs(states=ACTIVE, person=folder.slug, kind=STEP, about=about)


def _all_well(queue: Queue, ids: Sequence[str]) -> bool:
    return all(queue.get(job).state.value in ("queued", "running", "finished") for job in ids)


def _night(folder: PersonFolder, request: NightRequest, now: float) -> Night:
    return Night(
        id=folder.night(request.name or _free_name(folder)).id,
        person=folder.slug,
        created=now,
        sources=tuple(str(source.absolute()) for source in request.sources),
        dataset=request.dataset,
        dataset_options=dict(request.dataset_options),
        sweep=_plain({k: v for k, v in asdict(request.sweep).items() if k not in _OWN}),
        sampler=request.sampler,
        trials=request.trials,
        look=request.look,
        weights=request.weights,
        models=request.models,
        finish_by=request.finish_by,
        notify_url=request.notify_url,
        notify_desktop=request.notify_desktop,
    )


_OWN = ("name", "dataset")
"""What the night itself decides of its sweep."""


def _plain(value: Any) -> Any:
    """As it comes back from JSON, so that two requests can be compared."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, (list, tuple)) else value


def _check(workspace: Workspace, folder: PersonFolder, request: NightRequest) -> None:
    """Find what can be found in the evening, not at four in the morning."""
    missing = [str(source) for source in request.sources if not source.exists()]
    if missing:
        raise InputError(f"No photos at {', '.join(missing)}: point at a folder that exists.")
    if request.dataset:
        comparable(dataset_version(folder, request.dataset))
    else:
        DatasetOptions.from_mapping(dict(request.dataset_options))
        if not request.sources and not (folder.photos.is_dir() and any(folder.photos.iterdir())):
            raise InputError(f"{folder.slug} has no photos yet: name a folder with --photos.")
    if folder.datasets():  # otherwise the night looks once its dataset is there
        _check_training(workspace, folder, request)


def _check_training(workspace: Workspace, folder: PersonFolder, request: NightRequest) -> None:
    wanted = replace(request.sweep, dataset=request.dataset or None)
    if not (wanted.ready or wanted.axes or (wanted.repeats or 1) > 1):
        run_actions.check_run(
            workspace,
            folder.slug,
            recipe=wanted.recipe or sweep_actions.DEFAULT_RECIPE,
            overrides=wanted.overrides,
            checkpoint=Path(wanted.checkpoint),
            dataset=wanted.dataset,
            trainer=wanted.trainer,
        ).usable()
        return
    sweep = sweep_actions.sweep_from(workspace, folder, wanted)
    if request.sampler and sweep.axes:
        sweep_actions.search_plan(
            sweep,
            sweep_actions.SearchWish(request.sampler, request.trials, request.look),  # type: ignore[arg-type]
        )


def _free_name(folder: PersonFolder) -> str:
    unfinished = unfinished_night(folder)
    if unfinished is not None:
        return unfinished.id
    number = 1
    while folder.night(f"night {number}").record.exists():
        number += 1
    return f"night {number}"

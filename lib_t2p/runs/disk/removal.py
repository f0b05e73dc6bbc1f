"""What may go: states that are not the last, models that the verdict passed over, caches.

All saved models are kept until a verdict, then the best few and the last.

Photos, datasets, runs that are at work, models that somebody linked elsewhere and grids are never
among them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.jobs import ACTIVE, Queue
from lib_t2p.jobs.processes import is_alive
from lib_t2p.lora import FOLDER as TRIAL
from lib_t2p.lora import lora_files
from lib_t2p.plurals import counted
from lib_t2p.runs.adopting import last_launched
from lib_t2p.runs.disk.folder_sizes import LATENTS, files_below
from lib_t2p.runs.runs import SavedModel, saved_models
from lib_t2p.workspace import PersonFolder, RunFolder, Workspace

BEST = 3
"""So many of a run's models are kept after each verdict, and its last one."""


def passed_over(run: RunFolder, verdicts: Collection[Sequence[str]]) -> list[SavedModel]:
    """The models of a run that no verdict keeps; none before its first verdict.

    Args:
        run: whose models.
        verdicts: for each judged grid the stems of its models, best first.
    """
    models = saved_models(run)
    stems = {model.stem for model in models}
    rankings = [[stem for stem in verdict if stem in stems] for verdict in verdicts]
    if not any(rankings):
        return []
    kept = {models[-1].stem} | {stem for ranking in rankings for stem in ranking[:BEST]}
    return [model for model in models if model.stem not in kept]


def passed_over_trials(
    lora_root: Path, known: Mapping[str, Sequence[Path]], model: Path
) -> list[Path] | None:
    """The files of `_trial` that go with a model; None when the model must stay.

    It stays when it lies under its name anywhere else below the folder of LoRAs, or when it has a
    hard link that we don't know of: somebody chose it.

    Args:
        lora_root: the folder of LoRAs.
        known: all LoRAs below it, by stem.
        model: a saved model of a run.
    """
    trial = lora_root / TRIAL / model.name
    if any(path != trial for path in known.get(model.stem, ())):
        return None
    linked = trial.is_file() and trial.samefile(model)
    if model.stat().st_nlink > (2 if linked else 1):
        return None
    beside = [trial.with_suffix(ending) for ending in (".json", ".png")]
    return [path for path in (trial, *beside) if path.is_file()]


CACHE_DAYS = 30.0
"""What the cache has not renewed for so long is hardly needed again."""
_MEASUREMENTS = "measurements"
"""Start of the names of what was measured on this machine; it can't be computed again."""


@dataclass(frozen=True)
class Removal:
    """Something that may go.

    Attributes:
        kind: `states`, `models`, `latents` or `cache`.
        person: folder name, or empty.
        run: id of the run, or empty.
        what: a phrase for people, such as `epoch 3`.
        paths: files and folders that would be removed.
        size: bytes that this frees.
    """

    kind: str
    person: str
    run: str
    what: str
    paths: tuple[Path, ...]
    size: int


def removals(
    workspace: Workspace,
    judged: Mapping[str, Sequence[Sequence[str]]],
    now: float,
    overlooked: str = "",
) -> list[Removal]:
    """All that may go now.

    Args:
        workspace: to be looked through.
        judged: person's folder name -> for each judged grid the stems of its models, best first.
        now: Unix seconds.
        overlooked: id of the job that asks, which does not count as work at hand.
    """
    busy = _Busy(Queue(workspace), overlooked)
    known = lora_files(workspace.loras) if workspace.loras.is_dir() else {}
    found: list[Removal] = []
    for person in workspace.people():
        verdicts = () if busy.paints(person) else judged.get(person.slug, ())
        idle = [run for run in person.runs() if not busy.trains(run)]
        for run in idle:
            found += _old_states(run)
            found += _models(run, verdicts, workspace.loras, known)
        if len(idle) == len(person.runs()):
            found += _latents(person)
    return found + _old_cache(workspace, now - CACHE_DAYS * 86400)


class _Busy:
    """Which runs and grids are at work or wait."""

    def __init__(self, queue: Queue, overlooked: str) -> None:
        active = [job for job in queue.jobs(states=ACTIVE) if job.id != overlooked]
        self._runs = {(j.person, str(j.params["run"])) for j in active if "run" in j.params}
        self._painted = {job.person for job in active if "grid" in job.params}

    def trains(self, run: RunFolder) -> bool:
        launched = last_launched(run)
        alive = launched is not None and is_alive(launched.process)
        return alive or (run.person.slug, run.id) in self._runs

    def paints(self, person: PersonFolder) -> bool:
        return person.slug in self._painted


def _old_states(run: RunFolder) -> list[Removal]:
    folders = [path for path in _children(run.states) if path.is_dir()]
    newest = max(folders, key=_time, default=None)
    return [
        Removal("states", run.person.slug, run.id, f"state {p.name}", (p,), _size([p]))
        for p in folders
        if p != newest
    ]


def _models(
    run: RunFolder,
    verdicts: Collection[Sequence[str]],
    lora_root: Path,
    known: Mapping[str, Sequence[Path]],
) -> list[Removal]:
    found = []
    for model in passed_over(run, verdicts):
        trials = passed_over_trials(lora_root, known, model.path)
        if trials is not None:
            paths = (model.path, *trials)
            what = f"model of epoch {model.epoch}"
            found.append(Removal("models", run.person.slug, run.id, what, paths, _size(paths)))
    return found


def _latents(person: PersonFolder) -> list[Removal]:
    found = []
    for dataset in person.datasets():
        paths = tuple(
            path
            for folder in (dataset.img, dataset.reg)
            for path in files_below(folder)
            if path.name.endswith(LATENTS)
        )
        if paths:
            what = f"{len(paths)} cached files of dataset {dataset.number}"
            found.append(Removal("latents", person.slug, "", what, paths, _size(paths)))
    return found


def _old_cache(workspace: Workspace, before: float) -> list[Removal]:
    paths = tuple(
        path
        for path in files_below(workspace.cache)
        if not path.name.startswith(_MEASUREMENTS) and _time(path) < before
    )
    if not paths:
        return []
    what = f"{counted(len(paths), 'file')} unchanged for {CACHE_DAYS:.0f} days"
    return [Removal("cache", "", "", what, paths, _size(paths))]


def _size(paths: Collection[Path]) -> int:
    """Bytes that go when all these links go."""
    files = {}
    for path in paths:
        for file in files_below(path):
            stat = file.lstat()
            files[stat.st_dev, stat.st_ino] = stat.st_size
    return sum(files.values())


def _time(path: Path) -> float:
    return path.lstat().st_mtime


def _children(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []

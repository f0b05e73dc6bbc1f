"""What came of a trial, and in what it differs from the undisturbed run."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image
from safetensors.numpy import load_file

from benchmarks.kills.material import GRID, RUN, Part, person_of
from lib_t2p.jobs.events.events import EventReader, Failed, Finished, StoppedEvent
from lib_t2p.jobs.job import Job, JobState
from lib_t2p.runs.runs import saved_models
from lib_t2p.workspace.person import Workspace


@dataclass(frozen=True)
class Outcome:
    """What the work made: name -> digest of what is in it."""

    made: dict[str, str]


@dataclass
class Verdict:
    """What is wrong after a trial, one phrase each."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    still: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Nothing is wrong."""
        return not (self.lost or self.doubled or self.still)


def outcome(workspace: Workspace, part: Part, jobs: Sequence[Job]) -> Outcome:
    """Digests of the saved models, or of cells, scores and verdict."""
    person = person_of(workspace)
    made: dict[str, str] = {}
    if part == "training":
        run = person.run(RUN)
        for path in sorted(run.model.glob("*.safetensors")):
            made[f"model {path.name}"] = _tensors(path)
        epochs = [model.epoch for model in saved_models(run)]
        made["epochs"] = json.dumps(epochs)
        return Outcome(made)
    grid = person.grid(GRID)
    for path in sorted(grid.cells.rglob("*.png")):
        made[f"cell {path.name}"] = _pixels(path)
    if grid.scores.is_file():
        scores = json.loads(grid.scores.read_text(encoding="utf-8"))
        for cell in scores.pop("cells"):
            # Of the file, whose texts tell when it was painted; its pixels are compared above.
            del cell["picture"]
            made[f"scores of cell {cell['id']}"] = json.dumps(cell, sort_keys=True)
        made["scores of the grid"] = json.dumps(scores, sort_keys=True)
    for job in jobs:
        if job.kind == "grid.report" and job.state is JobState.FINISHED:
            made["verdict"] = str(job.result["verdict"])
    made["report"] = str(grid.report.is_file())
    return Outcome(made)


def compare(
    workspace: Workspace,
    found: Outcome,
    reference: Outcome,
    jobs: Sequence[Job],
    *,
    once: bool = True,
) -> Verdict:
    """Hold what a trial made, and its jobs, against the undisturbed run.

    Args:
        workspace: of the trial.
        found: what it made.
        reference: what the undisturbed run made.
        jobs: of the part that was done.
        once: each kind of job was submitted once.
    """
    verdict = Verdict()
    for name, digest in reference.made.items():
        if name not in found.made:
            verdict.lost.append(f"{name} is missing")
        elif found.made[name] != digest:
            verdict.lost.append(f"{name} differs{_where(found.made[name], digest)}")
    verdict.doubled += [f"{name} is more" for name in found.made if name not in reference.made]
    well = [job for job in jobs if job.state is JobState.FINISHED]
    for kind, count in Counter(job.kind for job in well).items():
        if once and count > 1:
            verdict.doubled.append(f"{kind} ended well {count} times")
    for job in jobs:
        ends = last_events(workspace, job)
        if job.is_over and ends != 1:
            (verdict.doubled if ends else verdict.lost).append(
                f"{ends} last events of {job.kind} ({job.id})"
            )
    return verdict


def last_events(workspace: Workspace, job: Job) -> int:
    """How often the end of a job is told."""
    told = EventReader(workspace.job(job.id).events).read_new()
    return sum(isinstance(event, (Finished, Failed, StoppedEvent)) for event in told)


def _where(found: str, wanted: str) -> str:
    at = next((i for i, (a, b) in enumerate(zip(found, wanted, strict=False)) if a != b), 0)
    return f" ({found[max(0, at - 40) : at + 20]!r} for {wanted[max(0, at - 40) : at + 20]!r})"


def _tensors(path: Path) -> str:
    """Of the weights; the metadata of a LoRA tell when it was trained."""
    tensors = load_file(path)
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(name.encode() + np.ascontiguousarray(tensors[name]).tobytes())
    return digest.hexdigest()


def _pixels(path: Path) -> str:
    with Image.open(path) as image:
        return _digest(image.tobytes())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

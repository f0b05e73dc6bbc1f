"""One night: what a person asked for in the evening, and how far it got."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal
from urllib.parse import urlsplit

from lib_t2p.errors import FaultsError, WorkspaceError
from lib_t2p.files import ODD_PARTS, read_record, write_record
from lib_t2p.painting import ComparedPictures, compared_faults, compared_from
from lib_t2p.workspace import NightFolder

SCHEMA = 1
WEIGHTS = (0.6, 0.8, 1.0, 1.2)
"""LoRA weights among which the verdict chooses; the guide's grids go from 0 to 1.5."""
MODELS = 6
"""Saved models of the best runs that the verdict chooses among."""

NightEnd = Literal["", "finished", "failed", "stopped"]


@dataclass(frozen=True)
class Night:
    """What was asked for.

    Attributes:
        id: name of its folder.
        person: folder name.
        created: Unix seconds.
        sources: folders or files of photos to import first; none uses what is imported.
        dataset: version to train on; 0 builds a new one.
        dataset_options: of the new version, as `DatasetOptions.from_mapping` reads them.
        sweep: what is trained, as `SweepRequest` takes it; no axes and no ready sweep is one run.
        sampler: `grid`, `random` or `tpe` stops hopeless runs early; empty trains all to the end.
        trials: runs that the sampler begins; 0 is every combination.
        look: how pictures are painted; None takes what suits the checkpoint.
        weights: LoRA weights of the last grid.
        models: saved models of the last grid, 1 or more.
        finish_by: Unix seconds by which the report is wanted; None without an end.
        notify_url: told by a POST when it is over; empty for nobody.
        notify_desktop: whether the desktop shows a message when it is over.
    """

    id: str
    person: str
    created: float
    sources: tuple[str, ...] = ()
    dataset: int = 0
    dataset_options: Mapping[str, Any] = field(default_factory=dict)
    sweep: Mapping[str, Any] = field(default_factory=dict)
    sampler: str = "grid"
    trials: int = 0
    look: ComparedPictures | None = None
    weights: tuple[float, ...] = WEIGHTS
    models: int = MODELS
    finish_by: float | None = None
    notify_url: str = ""
    notify_desktop: bool = True

    @property
    def wish(self) -> dict[str, Any]:
        """What was asked for without the hour, to tell a repeated command from another one."""
        body = asdict(self)
        return {key: body[key] for key in body if key not in ("id", "created", "finish_by")}


@dataclass(frozen=True)
class NightState:
    """How far a night got.

    Attributes:
        jobs: stage -> ids of the jobs that it queued.
        dataset: version that is trained on; 0 until it is known.
        notes: what went wrong on the way, and what was done about it; one sentence each.
        result: of the verdict: best model, weight, sentence, paths.
        end: how it ended; empty while it goes on.
        reason: why it failed or was stopped.
    """

    jobs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dataset: int = 0
    notes: tuple[str, ...] = ()
    result: Mapping[str, Any] = field(default_factory=dict)
    end: NightEnd = ""
    reason: str = ""

    def noted(self, note: str) -> NightState:
        """With one more note; one that is there already is not repeated."""
        return self if note in self.notes else replace(self, notes=(*self.notes, note))


def night_faults(night: Night, now: float) -> list[str]:
    """Everything that keeps a night from being begun; `now` in Unix seconds."""
    faults = compared_faults(night.look) if night.look else []
    if not night.weights:
        faults.append("there is no LoRA weight: give at least one")
    if night.models < 1:
        faults.append(f"models is {night.models}, but must be 1 or more")
    if night.finish_by is not None and night.finish_by <= now:
        faults.append("the time by which it is to end has passed")
    if night.notify_url and not _is_web(night.notify_url):
        faults.append(
            "the address to notify at the end is no address: give one with http:// or https://"
        )
    return faults


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def write_night(folder: NightFolder, night: Night, now: float) -> None:
    """Check and store; raises `FaultsError` with all faults at once."""
    if faults := night_faults(night, now):
        raise FaultsError("This night cannot be begun", faults)
    write_record(folder.record, SCHEMA, asdict(night))


def read_night(folder: NightFolder) -> Night:
    """Read what was asked for; raises `WorkspaceError` when it is missing or damaged."""
    body = _body(folder.record, Night)
    look = body.pop("look")
    return Night(**body, look=compared_from(look) if look else None)


def write_state(folder: NightFolder, state: NightState) -> None:
    """Keep how far it got."""
    write_record(folder.state, SCHEMA, asdict(state))


def read_state(folder: NightFolder) -> NightState:
    """How far it got; raises `WorkspaceError` when the file is damaged."""
    if not folder.state.exists():
        return NightState()
    body = _body(folder.state, NightState)
    try:
        jobs = {stage: tuple(ids) for stage, ids in body.pop("jobs").items()}
    except ODD_PARTS as error:
        raise _damaged(folder.state) from error
    return NightState(**body, jobs=jobs)


def _body(path: Any, kind: type[Any]) -> dict[str, Any]:
    body = {k: tuple(v) if isinstance(v, list) else v for k, v in read_record(path, SCHEMA).items()}
    body.pop("schema", None)
    if set(body) != {f.name for f in fields(kind)}:
        raise _damaged(path)
    return body


def _damaged(path: Any) -> WorkspaceError:
    return WorkspaceError(f"{path} is damaged: begin the night again under another name.")

"""What happens in a job: one JSON object a line in `events.jsonl`.

Every line has `v` (schema version, 1), `t` (Unix seconds) and `type`; the other keys are the
fields of the event class of that type. A reader skips types that it does not know.
"""

from __future__ import annotations

import json
import math
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any, ClassVar

from lib_t2p.errors import WorkspaceError
from lib_t2p.json_io import json_text

SCHEMA = 1


@dataclass(frozen=True)
class Event:
    """Base of all events; `t` is Unix seconds."""

    type: ClassVar[str] = ""
    t: float


@dataclass(frozen=True)
class Started(Event):
    """The job was taken by a process."""

    type: ClassVar[str] = "started"
    by: str


@dataclass(frozen=True)
class Phase(Event):
    """A named part of the job began, such as `faces` or `training`."""

    type: ClassVar[str] = "phase"
    name: str


@dataclass(frozen=True)
class Progress(Event):
    """`done` of `total` units; `total` 0 means unknown, `seconds_left` None too.

    `epoch` is the one at work, counted from 1, where the trainer tells it.
    """

    type: ClassVar[str] = "progress"
    done: int
    total: int
    unit: str
    seconds_left: float | None = None
    epoch: int | None = None


@dataclass(frozen=True)
class Metric(Event):
    """A number at a step; `tag` is a TensorBoard tag such as `loss/average`.

    A `value` that is no number any more (NaN) is written as null.
    """

    type: ClassVar[str] = "metric"
    tag: str
    step: int
    value: float


@dataclass(frozen=True)
class Image(Event):
    """A picture was written; `path` is absolute or relative to the job's result folder."""

    type: ClassVar[str] = "image"
    path: str
    caption: str


@dataclass(frozen=True)
class ModelSaved(Event):
    """A LoRA is whole; `path` is absolute, `epoch` counts from 1, `step` is of the whole run."""

    type: ClassVar[str] = "model"
    path: str
    epoch: int
    step: int


@dataclass(frozen=True)
class Warned(Event):
    """Something a person should know that did not end the job."""

    type: ClassVar[str] = "warning"
    message: str


@dataclass(frozen=True)
class Finished(Event):
    """The job ended well; `result` names what it made."""

    type: ClassVar[str] = "finished"
    result: dict[str, Any]


@dataclass(frozen=True)
class Failed(Event):
    """The job ended badly; `reason` is a sentence a person understands."""

    type: ClassVar[str] = "failed"
    reason: str


@dataclass(frozen=True)
class StoppedEvent(Event):
    """The job was stopped by a person."""

    type: ClassVar[str] = "stopped"
    reason: str


EVENT_TYPES: dict[str, type[Event]] = {
    cls.type: cls
    for cls in (
        Started,
        Phase,
        Progress,
        Metric,
        Image,
        ModelSaved,
        Warned,
        Finished,
        Failed,
        StoppedEvent,
    )
}


def to_line(event: Event) -> str:
    """Write an event as one line of JSON, without the line end."""
    body = {"v": SCHEMA, "type": event.type, **asdict(event)}
    return json_text(body, ensure_ascii=False, separators=(",", ":"))


def from_line(line: str) -> Event | None:
    """Read one line; None for a damaged line, an unknown type or a newer schema."""
    try:
        body = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict) or body.pop("v", None) != SCHEMA:
        return None
    cls = EVENT_TYPES.get(str(body.pop("type", "")))
    if cls is Metric and body.get("value", 0.0) is None:
        # A loss that is no number any more.
        body["value"] = math.nan
    if cls is None or not _fits(cls, body):
        return None
    return cls(**body)


_KINDS: dict[str, tuple[type, ...]] = {
    "float": (int, float),
    "int": (int,),
    "str": (str,),
    "float | None": (int, float, type(None)),
    "int | None": (int, type(None)),
    "dict[str, Any]": (dict,),
}
"""Annotation of a field of an event -> what its value may be."""
_MOST = 1e15


def _fits(cls: type[Event], body: dict[str, Any]) -> bool:
    known = {field.name: field for field in fields(cls)}
    needed = {name for name, field in known.items() if field.default is MISSING}
    if not needed <= set(body) <= set(known):
        return False
    for name, value in body.items():
        if not isinstance(value, _KINDS[str(known[name].type)]) or isinstance(value, bool):
            return False
        # A metric that is no number any more is told as it is; nothing counts so far.
        if isinstance(value, int) and abs(value) > _MOST:
            return False
    return True


def append_event(path: Path, event: Event) -> None:
    """Append one event; a line is written in one call, so readers never see two mixed.

    Raises:
        WorkspaceError: the disk is full or the folder may not be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        line = (to_line(event) + "\n").encode("utf-8", errors="replace")
        with path.open("ab+") as file:
            if file.seek(0, 2) > 0:
                file.seek(-1, 2)
                # Half a line of a process that died, or of a disk that was full.
                line = line if file.read(1) == b"\n" else b"\n" + line
            file.write(line)
    except OSError as error:
        raise WorkspaceError(f"{path} could not be written: {error.strerror or error}.") from error


@dataclass
class EventReader:
    """Reads a growing `events.jsonl` from where it last stopped; anew when it became shorter.

    Attributes:
        path: the file; it may not exist yet.
        offset: bytes read so far, all of them whole lines.
    """

    path: Path
    offset: int = 0

    def read_new(self) -> list[Event]:
        """Give the events of all whole lines written since the last call."""
        if not self.path.is_file():
            return []
        with self.path.open("rb") as file:
            if file.seek(0, 2) < self.offset:
                self.offset = 0
            file.seek(self.offset)
            data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        self.offset += len(whole)
        # Not `splitlines`: texts may hold characters that end a line elsewhere.
        lines = whole.decode("utf-8", errors="replace").split("\n")
        return [event for event in map(from_line, lines) if event is not None]

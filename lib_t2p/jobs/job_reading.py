"""Reading a job from a record that anybody may have edited, or from a row of the database."""

from __future__ import annotations

import calendar
import json
import math
import re
import time
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from lib_t2p.jobs.job import Job, JobState, Lane, StopWhen, to_record
from lib_t2p.jobs.processes.processes import ProcessRecord
from lib_t2p.json_io import json_text

JOB_ID = re.compile(r"(\d{8}-\d{6})-(\d{5,9})")
"""UTC second of the submission and a running number."""
LANES: tuple[str, ...] = get_args(Lane)
_STOPS: tuple[str, ...] = get_args(StopWhen)
_MOST = 1e15
"""Above each second, rank and number that is taken from a record."""
_REAL = ("created", "started", "ended", "rank", "start_at", "owner_created")
_JSON = ("params", "needs", "result")
_MARKED = (
    *("id", "kind", "lane", "params", "person", "needs", "state", "reason", "result"),
    *("created", "started", "ended", "owner", "owner_pid", "owner_created", "deaths"),
    *("rank", "start_at", "stop", "device"),
)
"""Columns that the mark of a row covers; one that is added later needs a new mark for each row."""


class RowDamage(Exception):
    """A row of the database is not as it was written."""


def running_number(job_id: str) -> int:
    """The number at the end of an id; 0 for an odd one."""
    found = JOB_ID.fullmatch(job_id)
    return int(found[2]) if found else 0


def from_record(record: Mapping[str, Any], job_id: str = "") -> Job:
    """The inverse of `to_record`; numbers and texts that may be missing or odd get their default.

    Args:
        record: the content of `job.json`.
        job_id: the id that it has by its folder; that of the record when empty.

    Raises:
        ValueError: it cannot be known what is to be done, or where it stands; names every fault.
    """
    faults = record_faults(record)
    if faults:
        raise ValueError("; ".join(faults))
    return _taken(record, job_id or str(record["id"]), JobState(record["state"]))


def failed_job(record: Mapping[str, Any], job_id: str, reason: str, ended: float) -> Job:
    """What takes the place of a job whose record cannot be used: failed, with what can be read."""
    kind, lane, needs = record.get("kind"), record.get("lane"), record.get("needs")
    clean = {
        **(record if _is_text(record) else {}),
        "kind": kind if _is_text(kind) and isinstance(kind, str) and kind else "unknown",
        "lane": lane if lane in LANES else "light",
        "needs": needs if _is_list_of_ids(needs) and _is_text(needs) else [],
    }
    job = _taken(clean, job_id, JobState.FAILED)
    return replace(job, reason=reason, result={}, ended=ended)


def record_faults(record: Mapping[str, Any]) -> list[str]:
    """Why a record cannot be used, one phrase each."""
    if not _is_text(record):
        return ["a text in it is no Unicode, or a number has too many digits"]
    kind, lane, state = (record.get(name) for name in ("kind", "lane", "state"))
    states = [state.value for state in JobState]
    checks = [
        (isinstance(kind, str) and bool(kind), "kind", "a text"),
        (isinstance(lane, str) and lane in LANES, "lane", f"one of {', '.join(LANES)}"),
        (isinstance(record.get("params"), dict), "params", "an object"),
        (_is_list_of_ids(record.get("needs")), "needs", "a list of ids"),
        (isinstance(state, str) and state in states, "state", f"one of {', '.join(states)}"),
    ]
    return [
        f"{name} is {json.dumps(record.get(name), default=str)[:60]} and should be {right}"
        if name in record
        else f"{name} is missing"
        for good, name, right in checks
        if not good
    ]


def to_row(job: Job) -> dict[str, Any]:
    """The columns of the table `jobs` but `seq` and `untold`; `mark` tells damage of the others."""
    record = to_record(job)
    pid, born = record.pop("owner_process") or (None, None)
    for name in _JSON:
        record[name] = json_text(record[name], ensure_ascii=False)
    row = {**record, "owner_pid": pid, "owner_created": born}
    for name in _REAL:
        row[name] = None if row[name] is None else float(row[name])
    return {**row, "mark": _mark(row)}


def from_row(row: Mapping[str, Any]) -> Job:
    """The inverse of `to_row`.

    Raises:
        RowDamage: it is not as it was written.
    """
    record = dict(row)
    record.pop("seq", None)
    record.pop("untold", None)
    mark = record.pop("mark", "")
    try:
        # A row that an older version wrote has no mark.
        if mark and mark != _mark(record):
            raise RowDamage(f"the row of job {record.get('id')!r} was changed")
        pid, born = record.pop("owner_pid"), record.pop("owner_created")
        for name in _JSON:
            record[name] = json.loads(record[name])
        record["owner_process"] = None if pid is None else (pid, born)
        return from_record(record)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RowDamage(f"the row of job {record.get('id')!r} is damaged: {error}") from error


def _mark(row: Mapping[str, Any]) -> str:
    text = json.dumps([row.get(name) for name in _MARKED], default=str)
    return f"{zlib.crc32(text.encode('utf-8')):08x}"


def _taken(record: Mapping[str, Any], job_id: str, state: JobState) -> Job:
    process = _process(record.get("owner_process"))
    if process is None and state is JobState.RUNNING:
        state = JobState.QUEUED
    stop = record.get("stop")
    params, result = record.get("params"), record.get("result")
    return Job(
        id=job_id,
        kind=str(record["kind"]),
        lane=record["lane"],
        params=params if isinstance(params, dict) else {},
        person=_text(record.get("person")),
        needs=tuple(record["needs"]),
        state=state,
        reason=_text(record.get("reason")),
        result=result if isinstance(result, dict) else {},
        created=_seconds(record.get("created")) or _submitted(job_id),
        started=_seconds(record.get("started")),
        ended=_seconds(record.get("ended")),
        owner=_text(record.get("owner")),
        owner_process=process,
        deaths=int(min(_seconds(record.get("deaths")) or 0.0, 1000.0)),
        # Records of schema 1 lay in the order of their numbers.
        rank=_number(record.get("rank"), float(running_number(job_id))),
        start_at=_seconds(record.get("start_at")),
        stop=stop if isinstance(stop, str) and stop in _STOPS else "",  # type: ignore[arg-type]
        device=_text(record.get("device")),
    )


def _process(value: object) -> ProcessRecord | None:
    if not isinstance(value, (list, tuple)) or len(value) < 2:
        return None
    pid, created = _seconds(value[0]), _number(value[1], None)
    return None if not pid or created is None or pid > 1 << 31 else ProcessRecord(int(pid), created)


def _submitted(job_id: str) -> float:
    found = JOB_ID.fullmatch(job_id)
    try:
        return float(calendar.timegm(time.strptime(found[1], "%Y%m%d-%H%M%S"))) if found else 0.0
    except ValueError:
        return 0.0


def _seconds(value: object) -> float | None:
    found = _number(value, None)
    return None if found is None or found < 0 else found


def _number(value: object, default: Any) -> Any:
    """A number, also one that was written as a text."""
    if not isinstance(value, (int, float, str)):
        return default
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return default
    return found if math.isfinite(found) and abs(found) <= _MOST else default


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _is_list_of_ids(value: object) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(one, str) and one for one in value)


def _is_text(value: object) -> bool:
    """Whether files and database can hold it."""
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    except (ValueError, RecursionError):
        return False
    return True

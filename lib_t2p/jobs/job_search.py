"""Which jobs are asked for, as SQL that an index answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lib_t2p.jobs.job import Job, JobState
from lib_t2p.jobs.job_reading import RowDamage, from_row

_ACTIVE = "state IN ('queued', 'running', 'stopping')"
_OVER = "state NOT IN ('queued', 'running', 'stopping')"
"""As it stands in the index `jobs_over`, which is only used for these very words."""
_PARAM = "CASE WHEN json_valid(params) THEN json_extract(params, ?) END"


@dataclass(frozen=True)
class Wanted:
    """What a job must have; None asks for nothing.

    Attributes:
        states: one of these.
        persons: folder name of one of these people.
        kinds: one of these.
        about: name -> value among what the job was submitted with.
    """

    states: tuple[str, ...] | None = None
    persons: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    about: Mapping[str, str | int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        states: Iterable[JobState] | None = None,
        person: str | Collection[str] | None = None,
        kind: str | Collection[str] | None = None,
        about: Mapping[str, str | int] | None = None,
    ) -> Wanted:
        """From what callers have at hand: one name or several."""
        return cls(
            None if states is None else tuple(JobState(state).value for state in states),
            _several(person),
            _several(kind),
            about or {},
        )


def find_jobs(connection: sqlite3.Connection, wanted: Wanted) -> list[Job]:
    """Jobs that have all that is wanted, oldest first."""
    where, values = _where(wanted)
    return _jobs(connection, f"WHERE {where} ORDER BY seq", values)


def newest_jobs(
    connection: sqlite3.Connection, wanted: Wanted, count: int, before: str = ""
) -> list[Job]:
    """The `count` newest of them, newest first; of those older than the job `before`, if named."""
    where, values = _where(wanted)
    if before:
        where += " AND seq < (SELECT seq FROM jobs WHERE id = ?)"
        values.append(before)
    return _jobs(connection, f"WHERE {where} ORDER BY seq DESC LIMIT ?", [*values, count])


def newest_of_each(connection: sqlite3.Connection, wanted: Wanted, key: str) -> list[Job]:
    """The newest job of each kind and each value of a parameter, and all that are not over.

    Args:
        connection: to the database.
        wanted: what each must have.
        key: name of the parameter, such as `run`.

    Returns:
        Newest first.
    """
    where, values = _where(wanted)
    newest = f"SELECT max(seq) FROM jobs WHERE {where} GROUP BY kind, {_PARAM}"
    return _jobs(
        connection,
        f"WHERE seq IN ({newest} UNION SELECT seq FROM jobs WHERE {_ACTIVE} AND {where}) "
        "ORDER BY seq DESC",
        [*values, _path(key), *values],
    )


def ended_jobs(connection: sqlite3.Connection, count: int, skipped: int = 0) -> list[Job]:
    """Jobs that are over, what ended last first."""
    order = f"WHERE {_OVER} ORDER BY ended DESC, seq DESC LIMIT ? OFFSET ?"
    return _jobs(connection, order, [count, skipped])


def count_jobs(connection: sqlite3.Connection, wanted: Wanted) -> dict[JobState, int]:
    """How many of them are in each state, those with none left out."""
    where, values = _where(wanted)
    query = f"SELECT state, count(*) FROM jobs WHERE {where} GROUP BY state"
    try:
        return {JobState(state): int(number) for state, number in connection.execute(query, values)}
    except ValueError as error:
        raise RowDamage(f"the state of a job is damaged: {error}") from error


def jobs_in_order(connection: sqlite3.Connection, most: int) -> list[Job]:
    """The first `most` jobs that are not over: what began, then what waits, in its order."""
    order = f"WHERE {_ACTIVE} ORDER BY started IS NULL, rank, seq LIMIT ?"
    return _jobs(connection, order, [most])


def active_ids(connection: sqlite3.Connection) -> set[str]:
    """Ids of all jobs that are not over."""
    return {str(row[0]) for row in connection.execute(f"SELECT id FROM jobs WHERE {_ACTIVE}")}


def _several(names: str | Collection[str] | None) -> tuple[str, ...] | None:
    if names is None:
        return None
    return (names,) if isinstance(names, str) else tuple(names)


def _where(wanted: Wanted) -> tuple[str, list[Any]]:
    clauses, values = ["1"], list[Any]()
    for column, names in (
        ("state", wanted.states),
        ("person", wanted.persons),
        ("kind", wanted.kinds),
    ):
        if names is not None:
            one = len(names) == 1
            clauses.append(
                f"{column} = ?" if one else f"{column} IN ({', '.join('?' * len(names))})"
            )
            values += names
    for key, value in wanted.about.items():
        clauses.append(f"{_PARAM} = ?")
        values += [_path(key), value]
    return " AND ".join(clauses), values


def _path(key: str) -> str:
    return f'$."{key}"'


def _jobs(connection: sqlite3.Connection, rest: str, values: list[Any]) -> list[Job]:
    return [from_row(row) for row in connection.execute(f"SELECT * FROM jobs {rest}", values)]

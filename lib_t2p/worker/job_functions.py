"""Which function does which kind of job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from lib_t2p.jobs import JOB_KINDS, JobContext, JobFunction, JobKind


class _Functions(Mapping[str, JobFunction]):
    """Job kind -> function, for the kinds that no painter takes."""

    def __getitem__(self, kind: str) -> JobFunction:
        row = JOB_KINDS[kind]
        if not row.function:
            raise KeyError(kind)
        return _later(row)

    def __iter__(self) -> Iterator[str]:
        return (name for name, row in JOB_KINDS.items() if row.function)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _later(row: JobKind) -> JobFunction:
    """Loaded within the job: a missing package fails the jobs that need it and no other."""

    def call(context: JobContext) -> dict[str, Any]:
        module, _, name = row.function.partition(":")
        done: dict[str, Any] = getattr(import_module(module), name)(context)
        return done

    return call


JOB_FUNCTIONS: Mapping[str, JobFunction] = _Functions()

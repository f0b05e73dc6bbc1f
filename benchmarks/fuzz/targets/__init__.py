"""Every target, one row each."""

from __future__ import annotations

from benchmarks.fuzz.target import Target


def all_targets() -> list[Target]:
    """In the order of the table; names are unique."""
    from benchmarks.fuzz.targets import api, texts

    return [*api.targets(), *texts.targets()]

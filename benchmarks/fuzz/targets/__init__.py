"""Every target, one row each."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.fuzz.target import Target


def all_targets() -> list[Target]:
    """In the order of the table; names are unique."""
    from benchmarks.fuzz.targets import api, files, records, shell, texts

    with tempfile.TemporaryDirectory() as scratch:
        ours = records.targets(Path(scratch) / "planted")
    return [*api.targets(), *texts.targets(), *files.targets(), *ours, *shell.targets()]

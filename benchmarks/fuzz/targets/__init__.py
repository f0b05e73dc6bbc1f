"""Every target, one row each."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.fuzz.target import Target


def all_targets() -> list[Target]:
    """In the order of the table; names are unique."""
    from benchmarks.fuzz.targets import (
        answers,
        api,
        files,
        imports,
        prompts,
        records,
        shell,
        texts,
    )

    with tempfile.TemporaryDirectory() as scratch:
        ours = records.targets(Path(scratch) / "planted")
    rooms = (api, texts, prompts, answers, files, imports)
    found = [target for room in rooms for target in room.targets()]
    return [*found, *ours, *shell.targets()]

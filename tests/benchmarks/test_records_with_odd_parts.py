"""Each part of each record of ours in turn is of another type, too large or no number."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.fuzz.running import in_fresh_folder, tried
from benchmarks.fuzz.targets import records

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["choices", "votes", "night", "preferences", "scores", "captions"])
def test_a_record_with_an_odd_part_is_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    target = next(t for t in records.targets(tmp_path / "a") if t.name == f"record: {name}")
    with in_fresh_folder(target, tmp_path / "x") as call:
        faults = [tried(target, call, given)[0] for given in target.listed()]
    assert len(faults) > 100
    assert [fault.reason for fault in faults if fault is not None] == []

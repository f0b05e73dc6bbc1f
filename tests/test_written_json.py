"""All JSON that we write can be read by every reader, whatever numbers come up."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lib_t2p.files import read_record, write_record
from lib_t2p.jobs.events.events import EventReader, Metric, Progress, append_event
from lib_t2p.json_io import json_text
from lib_t2p.scores.verdict.scores import RealPhotos, Scores, read_scores, write_scores
from lib_t2p.workspace.person import open_workspace

ODD = (math.nan, math.inf, -math.inf)


def strict(text: str) -> Any:
    def refuse(name: str) -> float:
        raise AssertionError(f"{name} is no JSON")

    return json.loads(text, parse_constant=refuse)


@pytest.mark.parametrize("odd", ODD)
def test_a_number_that_is_none_becomes_null_at_any_depth(odd: float) -> None:
    assert strict(json_text({"a": [1.5, (odd, {"b": odd})], "c": odd})) == {
        "a": [1.5, [None, {"b": None}]],
        "c": None,
    }


@pytest.mark.parametrize("odd", ODD)
def test_records_are_valid(odd: float, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_record(path, 1, {"a": [odd, 1.0]})
    assert strict(path.read_text(encoding="utf-8")) == {"schema": 1, "a": [None, 1.0]}
    assert read_record(path, 1)["a"] == [None, 1.0]


@pytest.mark.parametrize("odd", ODD)
def test_events_are_valid_and_a_lost_loss_is_read_as_no_number(odd: float, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    append_event(path, Metric(1.0, "loss/average", 3, odd))
    append_event(path, Progress(2.0, 1, 2, "step", odd))
    for line in path.read_text(encoding="utf-8").splitlines():
        strict(line)
    metric, progress = EventReader(path).read_new()
    assert isinstance(metric, Metric) and math.isnan(metric.value) and metric.step == 3
    assert progress == Progress(2.0, 1, 2, "step", None)


def test_a_loss_that_older_versions_wrote_as_nan_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text('{"v":1,"type":"metric","t":1.0,"tag":"x","step":1,"value":NaN}\n')
    (metric,) = EventReader(path).read_new()
    assert isinstance(metric, Metric) and math.isnan(metric.value)


def test_scores_are_valid(tmp_path: Path) -> None:
    grid = open_workspace(tmp_path).person("ann").grid("g")
    real = RealPhotos(**dict.fromkeys(RealPhotos.__dataclass_fields__, 0))
    scores = Scores("p", "d", "e", math.nan, "r", real, ())
    write_scores(grid, scores)
    strict(grid.scores.read_text(encoding="utf-8"))
    assert read_scores(grid) == replace(scores, same_person=None)  # type: ignore[arg-type]

"""The table of found faults, on truths and findings that are made up."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from PIL import Image

from benchmarks import dataset_detection
from benchmarks.dataset_detection import main, table

pytestmark = pytest.mark.slow

TRUTH = {
    "a.png": {"faults": [], "of": ""},
    "b.png": {"faults": ["dark"], "of": ""},
    "c.png": {"faults": ["dark"], "of": ""},
    "d.png": {"faults": ["moved"], "of": ""},
    "e.jpg": {"faults": ["again"], "of": "a.png"},
}


def rows(found: dict[str, set[str]]) -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in table(TRUTH, found)}


def test_misses_and_false_alarms_are_counted_and_named() -> None:
    found = rows({"b.png": {"dark"}, "a.png": {"dark"}, "d.png": {"blurred"}})
    assert found["dark"] == ["1/2", "50%", "1/3", "c.png", "a.png"]
    assert found["moved"] == ["1/1", "100%", "0/4", "", ""]


def test_a_copy_is_found_at_itself_or_at_its_original() -> None:
    assert rows({"a.png": {"near_duplicate"}})["again"][0] == "1/1"
    assert rows({"e.jpg": {"near_duplicate"}})["again"][0] == "1/1"
    alarm = rows({"a.png": {"near_duplicate"}, "b.png": {"near_duplicate"}})["again"]
    assert alarm[2:] == ["1/3", "", "b.png"]


def test_any_folder_with_a_truth_file_is_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("skimage")
    pytest.importorskip("dlib")
    from skimage import data

    Image.fromarray(data.astronaut()).save(tmp_path / "good.png")
    Image.fromarray(data.coffee()).save(tmp_path / "cup.png")
    (tmp_path / "broken.jpg").write_bytes(b"")
    truth = {"good.png": [], "cup.png": ["no_face"], "broken.jpg": ["corrupt"]}
    told = {name: {"faults": faults, "of": ""} for name, faults in truth.items()}
    (tmp_path / "truth.json").write_text(json.dumps(told), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["dataset_detection", "--folder", str(tmp_path)])
    monkeypatch.setattr(dataset_detection, "processes_here", lambda: 1)
    assert main() == 0
    lines = {line.split()[0]: line.split()[1:4] for line in capsys.readouterr().out.splitlines()}
    assert lines["no_face"] == ["1/1", "100%", "0/2"]
    assert lines["corrupt"] == ["1/1", "100%", "0/2"]

"""Several processes look at photos; how many changes nothing of what is seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lib_t2p.dataset import inspecting
from lib_t2p.dataset.inspecting import inspect_photos
from lib_t2p.dataset.sample_photos import write_demo_photos
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.vision.faces.tools import load_tools
from lib_t2p.workspace.person import PersonFolder, open_workspace

pytestmark = pytest.mark.slow

pytest.importorskip("dlib")


def person_with_photos(root: Path) -> PersonFolder:
    person = open_workspace(root).person("Ädä")
    write_demo_photos(person.photos)
    (person.photos / "broken ü.jpg").write_bytes(b"\xff\xd8\xff half")
    return person


def test_helpers_see_what_one_process_sees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspecting, "FEW", 2)
    tools = load_tools()
    alone = inspect_photos(person_with_photos(tmp_path / "one"), tools, SilentReporter())
    person = person_with_photos(tmp_path / "two")
    monkeypatch.setattr(inspecting, "look_at", None)
    together = inspect_photos(person, tools, SilentReporter(), helpers=2)
    assert [report.photo for report in together] == [report.photo for report in alone]
    assert any(report.fault for report in together)
    for one, other in zip(alone, together, strict=True):
        assert (one.sha256, one.fault, one.hashes) == (other.sha256, other.fault, other.hashes)
        assert len(one.faces) == len(other.faces)
        for first, second in zip(one.faces, other.faces, strict=True):
            assert first.face == second.face
            assert np.array_equal(first.embedding, second.embedding)

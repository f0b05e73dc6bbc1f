"""`t2p.py settings` and `t2p.py check-faces`."""

from __future__ import annotations

import re
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest

from lib_t2p.cli import known_faces
from lib_t2p.cli import scoring_commands as scoring
from lib_t2p.cli.__main__ import main
from lib_t2p.vision.faces.tools import VisionTools
from lib_t2p.vision.results import Box, Face
from lib_t2p.workspace.person import open_workspace
from lib_t2p.workspace.preferences import Preferences, read_preferences, write_preferences

pytestmark = pytest.mark.slow


class RedFace:
    """The picture's red is the identity; black pictures have no face."""

    name, same_person = "red", 0.5

    def detect(self, picture: np.ndarray) -> list[Face]:
        return [Face(Box(0, 0, 4, 4), 1.0, ())] if picture.any() else []

    def embed(self, picture: np.ndarray, face: Face) -> np.ndarray:
        return np.array([picture[0, 0, 0] / 100], np.float32)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "Arbeits platz"


def flat(red: int) -> np.ndarray:
    return np.full((4, 4, 3), (red, 0, 0), np.uint8)


def test_distances_are_shown_with_the_threshold_and_what_it_gets_wrong(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    people = {"a": [flat(10), flat(20), flat(90)], "b": [flat(200), flat(0)]}
    monkeypatch.setattr(scoring, "load_tools", lambda *_: VisionTools(RedFace(), RedFace()))
    monkeypatch.setattr(known_faces, "portraits", lambda: people)
    monkeypatch.setattr(known_faces, "pip_cache", lambda: None)
    assert main(["check-faces", "--workspace", str(root)]) == 0
    shown = capsys.readouterr().out
    assert "threshold for the same person: 0.5" in shown
    assert "same person:  3 pairs, 0.100 to 0.800, median 0.700; 2 not below" in shown
    assert "other person: 3 pairs, 1.100 to 1.900, median 1.800; 0 below" in shown
    assert "pictures without a face: 1" in shown
    assert "not in pip's cache" in shown


def test_the_default_tells_the_portrait_from_another_person(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("dlib")
    pytest.importorskip("skimage")
    monkeypatch.setattr(known_faces, "pip_cache", lambda: None)
    assert main(["check-faces", "--workspace", str(root)]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"same person:  91 pairs, .*; 0 not below the threshold", shown)
    assert re.search(r"other person: 14 pairs, .*; 0 below the threshold", shown)


def test_a_file_that_is_no_such_archive_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(scoring, "load_tools", lambda *_: VisionTools(RedFace(), RedFace()))
    monkeypatch.setattr(known_faces, "portraits", dict)
    other = tmp_path / "x.tar.gz"
    other.write_bytes(b"x")
    assert main(["check-faces", "--workspace", str(root), "--archive", str(other)]) == 1
    assert "no source archive of face_recognition" in capsys.readouterr().out


def test_what_is_set_is_kept_and_shown(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(scoring, "load_tools", lambda *given: asked.append(given))
    folder = tmp_path / "Modèles"
    told = ["settings", "--workspace", str(root)]
    assert main([*told, "--embedder", "sface", "--face-models", str(folder)]) == 0
    assert asked == [("sface", folder)]
    kept = Preferences(embedder="sface", face_models=str(folder))
    assert read_preferences(open_workspace(root)) == kept
    assert main(told) == 0
    assert len(asked) == 1
    shown = capsys.readouterr().out
    assert "faces are compared by: sface" in shown
    assert "so obedience is not judged" in shown
    assert main([*told, "--embedder", "dlib", "--face-models", ""]) == 0
    assert read_preferences(open_workspace(root)) == Preferences()


def test_what_cannot_be_used_is_not_set(
    root: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write_preferences(open_workspace(root), Preferences(5.0))
    told = ["settings", "--workspace", str(root)]
    assert main([*told, "--embedder", "sface", "--face-models", str(tmp_path / "none")]) == 1
    assert "cannot be read" in capsys.readouterr().out
    assert main([*told, "--clip", str(tmp_path)]) == 1
    assert "holds no CLIP model" in capsys.readouterr().out
    assert read_preferences(open_workspace(root)) == Preferences(5.0)


def test_a_grid_is_scored_again_and_its_verdict_shown(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []
    scores = Namespace(result={"scored": 40})
    report = Namespace(result={"verdict": "e05 is the best.", "report": "report.html"})
    jobs = [scores, report]

    def score_again(_: object, *given: object) -> list[Namespace]:
        asked.append(given)
        return jobs

    monkeypatch.setattr(scoring, "score_again", score_again)
    monkeypatch.setattr(scoring, "follow_all", lambda _, queued, output: queued)
    assert main(["score", "Ada", "first", "--workspace", str(root)]) == 0
    shown = capsys.readouterr().out
    assert asked == [("Ada", "first")]
    assert "40 pictures are scored" in shown
    assert "verdict: e05 is the best." in shown
    jobs.pop()
    assert main(["score", "Ada", "first", "--workspace", str(root)]) == 0
    assert "verdict" not in capsys.readouterr().out

from dataclasses import asdict

import pytest

from lib_t2p.dataset.manifest import Manifest, PhotoDecision, read_manifest, write_manifest
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.errors import FaultsError, NewerSchemaError, WorkspaceError
from lib_t2p.workspace.person import PersonFolder


def test_all_faults_are_named_at_once() -> None:
    given = {
        "resolution": 100,
        "repeats": 0,
        "framing": "feet",
        "sharp": 1,
        "wanted": "many",
        "held_out": True,
    }
    with pytest.raises(FaultsError) as caught:
        DatasetOptions.from_mapping(given)
    text = str(caught.value)
    assert len(caught.value.faults) == 6
    assert "'sharp' is no option" in text
    assert "multiple of 8" in text
    assert "face, bust, whole" in text


@pytest.mark.parametrize("resolution", [64, 96, 512, 2048])
def test_usual_sizes_are_allowed(resolution: int) -> None:
    assert DatasetOptions(resolution=resolution).resolution == resolution


@pytest.mark.parametrize("value", [56, 2056, 99, 512.0, float("nan"), None, "512"])
def test_other_sizes_are_not(value: object) -> None:
    with pytest.raises(FaultsError, match="resolution"):
        DatasetOptions.from_mapping({"resolution": value})


def test_options_survive_a_round_trip() -> None:
    options = DatasetOptions(resolution=96, framing="face", held_out=3)
    assert DatasetOptions.from_mapping(asdict(options)) == options


def manifest() -> Manifest:
    decision = PhotoDecision(
        photo="a.png",
        state="kept",
        repaired=("rotated",),
        numbers={"face": 80.0},
        crop=(0.0, 1.0, 100.0, 101.0),
        file="img/10_x y/001.png",
    )
    bad = PhotoDecision("b.png", "left_out", "no_face", "No face was found.")
    return Manifest("x", "y", DatasetOptions(), "d", "e", True, (decision, bad))


def test_a_manifest_is_read_as_it_was_written(person: PersonFolder) -> None:
    folder = person.dataset(1)
    write_manifest(folder, manifest())
    assert read_manifest(folder) == manifest()
    assert [d.photo for d in read_manifest(folder).of_state("left_out")] == ["b.png"]


@pytest.mark.parametrize(
    ("old", "new"),
    [('"trigger"', '"tigger"'), ('"kept"', '"lost"'), ('"repeats": 10', '"repeats": -1')],
)
def test_a_damaged_manifest_is_said(person: PersonFolder, old: str, new: str) -> None:
    folder = person.dataset(1)
    write_manifest(folder, manifest())
    text = folder.manifest.read_text(encoding="utf-8")
    assert old in text
    folder.manifest.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"manifest\.json is damaged"):
        read_manifest(folder)


def test_a_newer_manifest_is_refused(person: PersonFolder) -> None:
    folder = person.dataset(1)
    write_manifest(folder, manifest())
    text = folder.manifest.read_text(encoding="utf-8")
    folder.manifest.write_text(text.replace('"schema": 1', '"schema": 9'), encoding="utf-8")
    with pytest.raises(NewerSchemaError):
        read_manifest(folder)

"""Rebuilding a version, painting class images and describing photos over the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from api_client import ANN, Client, Fenced, client
from PIL import Image
from surveyed import survey_plainly

from lib_t2p.dataset.manifest import Manifest, PhotoDecision, write_manifest
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.hosts.standalone.studio_host import TINY_TITLE, StudioHost
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace.person import PersonFolder, Workspace

ROOT = "/t2p/v1/people/ann-ä"
PHOTOS = ("eins ä.jpg", "two.jpg")


@pytest.fixture
def api(workspace: Workspace) -> Client:
    return client(StudioHost(workspace))


@pytest.fixture
def ann(api: Client, workspace: Workspace) -> PersonFolder:
    """Ann with two photos that were looked at."""
    folder = workspace.person(api.post("/t2p/v1/people", json=ANN).json()["id"])
    for name in PHOTOS:
        Image.new("RGB", (640, 640)).save(folder.photos / name)
    survey_plainly(folder, PHOTOS)
    return folder


def _version(folder: PersonFolder) -> None:
    decisions = tuple(PhotoDecision(name, "left_out", "blurred", "Blurred.") for name in PHOTOS)
    options = DatasetOptions()
    manifest = Manifest("ohwx", "woman", options, "detector", "embedder", True, decisions)
    folder.dataset(1).root.mkdir(parents=True)
    write_manifest(folder.dataset(1), manifest)


def test_a_version_is_drawn_again(api: Client, ann: PersonFolder) -> None:
    _version(ann)
    answer = api.post(f"{ROOT}/datasets/1/rebuild")
    assert answer.status_code == 202, answer.text
    told = answer.json()
    assert (told["kind"], told["params"]["dataset"]) == ("dataset.rebuild", 1)


def test_a_version_that_is_not_there_is_not_drawn_again(
    api: Client, ann: PersonFolder, workspace: Workspace
) -> None:
    assert api.post(f"{ROOT}/datasets/7/rebuild").status_code == 404
    assert api.post("/t2p/v1/people/nobody/datasets/1/rebuild").status_code == 404
    assert Queue(workspace).jobs() == []


def test_class_images_are_painted_as_many_as_a_build_needs(api: Client, ann: PersonFolder) -> None:
    body = {"checkpoint": TINY_TITLE, "options": {"repeats": 10}}
    answer = api.post(f"{ROOT}/class_images", json=body)
    assert answer.status_code == 202, answer.text
    told = answer.json()
    planned, painted = told["jobs"]
    assert [planned["kind"], painted["kind"]] == ["reg.plan", "reg.cells"]
    assert painted["needs"] == [planned["id"]]
    # Two photos ten times, and 15 % to spare.
    assert told["pictures"] == planned["params"]["plan"]["count"] == 23
    assert "{class_word}" in planned["params"]["plan"]["prompt"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"count": -1, "prompt": " ", "width": 100}, ["no prompt", "-1 pictures", "width"]),
        ({"checkpoint": "none"}, ["no checkpoint 'none'"]),
        ({"options": {"resolution": 3}}, ["resolution"]),
        ({"count": "many"}, ["count"]),
    ],
)
def test_class_images_that_cannot_be_are_refused_with_all_faults(
    api: Client, ann: PersonFolder, workspace: Workspace, body: dict[str, Any], told: list[str]
) -> None:
    answer = api.post(f"{ROOT}/class_images", json={"checkpoint": TINY_TITLE, **body})
    assert answer.status_code == 422
    assert [word for word in told if word not in answer.json()["detail"]] == []
    assert Queue(workspace).jobs() == []


def test_class_images_for_photos_that_nobody_looked_at_need_a_number(api: Client) -> None:
    api.post("/t2p/v1/people", json=ANN)
    answer = api.post(f"{ROOT}/class_images", json={"checkpoint": TINY_TITLE})
    assert answer.status_code == 422
    assert "Give count" in answer.json()["detail"]


def test_photos_are_described_by_a_model_in_a_folder(
    api: Client, ann: PersonFolder, tmp_path: Path
) -> None:
    folder = tmp_path / "tagger ä"
    folder.mkdir()
    body = {"how": "tagger", "folder": str(folder), "threshold": 0.5}
    answer = api.post(f"{ROOT}/captions/describe", json=body)
    assert answer.status_code == 202, answer.text
    told = answer.json()
    assert told["kind"] == "dataset.caption"
    assert told["params"]["folder"] == str(folder)
    assert told["params"]["threshold"] == 0.5


def test_the_open_webui_needs_no_folder_to_describe(api: Client, ann: PersonFolder) -> None:
    answer = api.post(f"{ROOT}/captions/describe", json={"how": "host"})
    assert answer.status_code == 202, answer.text
    assert answer.json()["params"]["how"] == "host"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"how": "poet"}, "how is 'poet'"),
        ({"how": "blip"}, "No folder given"),
        ({"how": "blip", "folder": "nowhere at all"}, "There is no folder"),
        ({"how": "host", "threshold": 2}, "from 0 to 1"),
        ({"how": "host", "threshold": "high"}, "threshold"),
    ],
)
def test_descriptions_that_cannot_be_are_refused(
    api: Client, ann: PersonFolder, workspace: Workspace, body: dict[str, Any], told: str
) -> None:
    answer = api.post(f"{ROOT}/captions/describe", json=body)
    assert answer.status_code == 422
    assert told in answer.json()["detail"]
    assert Queue(workspace).jobs() == []


def test_models_outside_the_allowed_folders_describe_nothing(
    ann: PersonFolder, workspace: Workspace, tmp_path: Path
) -> None:
    fenced = client(Fenced(workspace))
    bodies = {
        "captions/describe": {"how": "blip", "folder": str(tmp_path)},
        "class_images": {"checkpoint": str(tmp_path / "base.safetensors"), "count": 3},
    }
    for path, body in bodies.items():
        answer = fenced.post(f"{ROOT}/{path}", json=body)
        assert (answer.status_code, "lies outside" in answer.json()["detail"]) == (422, True)
    assert Queue(workspace).jobs() == []


def test_the_description_of_the_interface_explains_each_field(api: Client) -> None:
    schema = api.get("/t2p/v1/openapi.json").json()
    for path in ("datasets/{number}/rebuild", "class_images", "captions/describe"):
        assert schema["paths"][f"/people/{{person}}/{path}"]["post"]["summary"]
    fields = schema["components"]["schemas"]["Describing"]["properties"]
    assert all(field.get("description") for field in fields.values())

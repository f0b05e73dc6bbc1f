"""Photos, captions, deleting, portraits, nights, the queue and LoRAs over the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from api_client import ANN, Client, Fenced, Locked, client
from PIL import Image

from lib_t2p.dataset.captions.book import read_captions
from lib_t2p.dataset.photo_choices import read_choices
from lib_t2p.hosts.standalone.studio_host import TINY_TITLE
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace.person import PersonFolder, Workspace
from lib_t2p.workspace.series_folders import portraits_folder

pytestmark = pytest.mark.slow

ROOT = "/t2p/v1/people/ann-ä"


@pytest.fixture
def ann(api: Client, workspace: Workspace) -> PersonFolder:
    """Ann with one photo."""
    folder = workspace.person(api.post("/t2p/v1/people", json=ANN).json()["id"])
    assert folder.slug == ROOT.rpartition("/")[2]
    Image.new("RGB", (64, 64)).save(folder.photos / "one.jpg")
    return folder


def test_every_route_refuses_strangers_before_it_looks_at_anything(workspace: Workspace) -> None:
    api = client(Locked(workspace))
    paths = api.get("/t2p/v1/openapi.json").json()["paths"]
    told = {
        f"{method} {path}": getattr(api, method)(f"/t2p/v1{path}", **_body(method)).status_code
        for path, methods in paths.items()
        for method in methods
    }
    assert {route: status for route, status in told.items() if status != 403} == {}
    assert len(told) > 40


def _body(method: str) -> dict[str, Any]:
    return {"json": {}} if method == "post" else {}


def test_photos_are_told_before_and_decided_about(api: Client, ann: PersonFolder) -> None:
    told = api.get(f"{ROOT}/photos").json()
    assert (told["surveyed"], told["new"]) == (False, ["one.jpg"])
    said = api.post(f"{ROOT}/photos/decide", json={"verb": "leave_out", "photos": ["one.jpg"]})
    assert said.json()["left_out"] == ["one.jpg"]
    assert read_choices(ann).left_out == {"one.jpg"}
    assert api.post(f"{ROOT}/photos/look").json()["kind"] == "dataset.inspect"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("decide", {"verb": "leave_out", "photos": ["../person.toml", "two.jpg"]}),
        ("decide", {"verb": "burn", "photos": ["one.jpg"]}),
        ("crop", {"photo": "one.jpg", "box": [1.0, 2.0]}),
        ("crop", {"photo": "one.jpg", "box": [0, 0, 1, 1]}),
        ("face", {"photo": "gone.jpg", "face": 0, "is_person": True}),
        ("person", {"number": 1}),
    ],
)
def test_decisions_about_nothing_are_refused(
    api: Client, ann: PersonFolder, path: str, body: dict[str, Any]
) -> None:
    answer = api.post(f"{ROOT}/photos/{path}", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["detail"]
    assert read_choices(ann).left_out == frozenset()


def test_captions_are_written_and_taken_back(api: Client, ann: PersonFolder) -> None:
    answer = api.post(f"{ROOT}/captions", json={"caption": "photo of {token}"})
    assert answer.status_code == 200, answer.text
    assert api.post(f"{ROOT}/captions", json={"caption": "{nonsense}"}).status_code == 422
    assert len(read_captions(ann).past) == 1
    assert api.post(f"{ROOT}/captions/undo").json() == {"undone": "template"}
    edit = {"kind": "shout", "text": "x"}
    assert "kind" in api.post(f"{ROOT}/captions/edit", json=edit).json()["detail"]


def test_a_person_is_deleted_only_by_agreeing_to_the_list(
    api: Client, ann: PersonFolder, workspace: Workspace
) -> None:
    listed = api.get(f"{ROOT}/belongings").json()
    assert listed["count"] == len(listed["things"]) > 0
    wrong = api.post(f"{ROOT}/delete", json={"agreed": listed["count"] + 1})
    assert (wrong.status_code, ann.record.exists()) == (422, True)
    foreign = {"agreed": listed["count"], "loras": [str(workspace.database)]}
    assert api.post(f"{ROOT}/delete", json=foreign).status_code == 422
    done = api.post(f"{ROOT}/delete", json={"agreed": listed["count"]})
    assert done.json() == {"deleted": True, "faults": []}
    assert workspace.people() == []
    assert api.get(ROOT).status_code == 404


def test_a_dataset_that_is_not_there_is_said_so(api: Client, ann: PersonFolder) -> None:
    assert api.get(f"{ROOT}/datasets/7").status_code == 404
    assert api.get(f"{ROOT}/class_photos").json() == []


def test_portraits_are_begun_stopped_and_told_of(
    api: Client, ann: PersonFolder, workspace: Workspace
) -> None:
    body = {"checkpoint": TINY_TITLE, "prompt": "{trigger} {class_word}", "width": 96, "height": 96}
    begun = api.post(f"{ROOT}/portraits", json=body)
    assert begun.status_code == 202, begun.text
    name = begun.json()["series"]
    assert portraits_folder(ann, name).plan.exists()
    assert api.get(f"{ROOT}/portraits").json()[0]["active"] is True
    assert api.get(f"{ROOT}/portraits/{name}").json()["kept"] == []
    assert api.post(f"{ROOT}/portraits/{name}/stop").status_code == 200
    assert api.post(f"{ROOT}/portraits/{name}/rule", json={"everything": True}).status_code == 200
    assert api.post(f"{ROOT}/portraits/{name}/empty_bin", json={"agreed": 3}).status_code == 422
    assert api.get(f"{ROOT}/portraits/none").status_code == 404
    assert Queue(workspace).jobs(person=ann.slug)


def test_all_faults_of_portraits_come_at_once(api: Client, ann: PersonFolder) -> None:
    body = {"checkpoint": TINY_TITLE, "prompt": " ", "width": 97, "steps": 0}
    answer = api.post(f"{ROOT}/portraits", json=body)
    assert answer.status_code == 422
    assert len(answer.json()["faults"]) == 3


def test_foreign_paths_of_nights_and_portraits_are_refused(
    ann: PersonFolder, workspace: Workspace, tmp_path: Path
) -> None:
    api = client(Fenced(workspace))
    night = {"sweep": {"checkpoint": TINY_TITLE}, "sources": [str(tmp_path)]}
    answers = [
        api.post(f"{ROOT}/nights", json=night),
        api.post(f"{ROOT}/portraits", json={"checkpoint": str(tmp_path / "a"), "prompt": "x"}),
        api.post(f"{ROOT}/class_photos", json={"sources": [str(tmp_path)]}),
    ]
    assert [answer.status_code for answer in answers] == [422] * 3
    assert all("lies outside" in answer.json()["detail"] for answer in answers)
    assert Queue(workspace).jobs() == []


def test_a_night_is_begun_and_stopped(api: Client, ann: PersonFolder, workspace: Workspace) -> None:
    body = {"sweep": {"checkpoint": TINY_TITLE, "recipe": "demo"}, "sampler": ""}
    begun = api.post(f"{ROOT}/nights", json=body)
    assert begun.status_code == 202, begun.text
    name = begun.json()["id"]
    assert [night["id"] for night in api.get(f"{ROOT}/nights").json()] == [name]
    assert api.post(f"{ROOT}/nights/{name}/stop").json() == {"stopped": 1}
    assert api.get(f"{ROOT}/nights/{name}").json()["end"] == "stopped"
    assert api.get(f"{ROOT}/nights/none").status_code == 404


def test_the_queue_is_held_and_rearranged(api: Client, ann: PersonFolder, tmp_path: Path) -> None:
    bodies = [{"sources": [str(tmp_path)]}, {"sources": [str(ann.photos)]}]
    jobs = [api.post(f"{ROOT}/photos", json=body).json()["id"] for body in bodies]
    assert api.post("/t2p/v1/queue/pause", json={"until": "yesterday"}).status_code == 422
    assert api.post("/t2p/v1/queue/pause", json={}).json()["pause"]["until"] is None
    assert api.post("/t2p/v1/queue/resume").json()["pause"] is None
    moved = api.post(f"/t2p/v1/jobs/{jobs[1]}/move", json={"to": "front"})
    assert moved.json() == [jobs[1], jobs[0]]
    assert api.post(f"/t2p/v1/jobs/{jobs[1]}/move", json={"to": "aside"}).status_code == 422
    assert api.post("/t2p/v1/jobs/none/move", json={"to": "front"}).status_code == 404


def test_only_saved_models_are_kept_whatever_path_is_asked_for(
    api: Client, workspace: Workspace, tmp_path: Path
) -> None:
    assert api.get("/t2p/v1/loras").json() == []
    secret = tmp_path / "secret.safetensors"
    secret.write_bytes(b"x")
    assert api.post("/t2p/v1/loras/keep", json={"name": str(secret)}).status_code == 422

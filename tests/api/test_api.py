from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from api_client import ANN, HERE, Client, Fenced, Locked, client, own
from fastapi import FastAPI

from lib_t2p.access import Access
from lib_t2p.api.interface import mount
from lib_t2p.hosts.standalone.studio_host import StudioHost
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace.person import Workspace


def test_a_person_is_made_and_listed(workspace: Workspace) -> None:
    api = client(StudioHost(workspace))
    made = api.post("/t2p/v1/people", json=ANN)
    assert made.status_code == 201, made.text
    listed = api.get("/t2p/v1/people").json()
    assert [one["name"] for one in listed] == ["Ann Ä"]


def test_all_faults_of_a_person_come_at_once(workspace: Workspace) -> None:
    wrong = {**ANN, "name": "", "trigger": "two words"}
    answer = client(StudioHost(workspace)).post("/t2p/v1/people", json=wrong)
    assert answer.status_code == 422
    assert len(answer.json()["faults"]) == 2


def test_wrong_types_and_unknown_names_are_one_sentence(workspace: Workspace) -> None:
    body = {"sources": 3, "surplus": 1}
    answer = client(StudioHost(workspace)).post("/t2p/v1/people/ann/photos", json=body)
    assert answer.status_code == 422
    assert "sources" in answer.json()["detail"]
    assert "surplus" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["people/nobody", "people/nobody/runs", "jobs/none"])
def test_what_does_not_exist_is_said_so(workspace: Workspace, path: str) -> None:
    answer = client(StudioHost(workspace)).get(f"/t2p/v1/{path}")
    assert answer.status_code == 404
    assert answer.json()["detail"]


def test_a_restricted_host_starts_nothing_and_says_why(workspace: Workspace) -> None:
    api = client(Locked(workspace))
    answer = api.post("/t2p/v1/people", json=ANN)
    assert answer.status_code == 403
    assert answer.json()["detail"] == "Strangers reach this page."
    assert workspace.people() == []


def test_foreign_paths_are_refused(workspace: Workspace, tmp_path: Path) -> None:
    api = client(Fenced(workspace))
    api.post("/t2p/v1/people", json=ANN)
    person = api.get("/t2p/v1/people").json()[0]["id"]
    answer = api.post(f"/t2p/v1/people/{person}/photos", json={"sources": [str(tmp_path)]})
    assert answer.status_code == 422
    assert "lies outside" in answer.json()["detail"]
    run = {"name": "a", "checkpoint": str(tmp_path / "x.safetensors")}
    answer = api.post(f"/t2p/v1/people/{person}/runs", json=run)
    assert "lies outside" in answer.json()["detail"]
    assert Queue(workspace).jobs() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_pages_of_other_sites_are_refused(workspace: Workspace, headers: dict[str, str]) -> None:
    answer = client(StudioHost(workspace)).get("/t2p/v1/people", headers=headers)
    assert answer.status_code == 403


def test_our_own_page_may_ask(workspace: Workspace) -> None:
    answer = client(StudioHost(workspace)).get("/t2p/v1/people", headers={"origin": HERE})
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["people", "docs", "openapi.json"])
def test_the_hosts_credentials_are_asked_for(workspace: Workspace, path: str) -> None:
    api = client(StudioHost(workspace), Access({"ann": "p:w"}))

    def ask(given: str) -> int:
        coded = base64.b64encode(given.encode()).decode()
        headers = {"authorization": f"Basic {coded}"}
        return int(api.get(f"/t2p/v1/{path}", headers=headers).status_code)

    assert api.get(f"/t2p/v1/{path}").status_code == 401
    assert [ask("ann:bad"), ask("bob:"), ask("ann:p:w")] == [401, 401, 200]


def test_events_of_a_job_end_with_its_state(workspace: Workspace, tmp_path: Path) -> None:
    api = client(StudioHost(workspace))
    person = api.post("/t2p/v1/people", json=ANN).json()["id"]
    job = api.post(f"/t2p/v1/people/{person}/photos", json={"sources": [str(tmp_path)]}).json()
    assert job["state"] == "queued"
    stopped = api.post(f"/t2p/v1/jobs/{job['id']}/stop", json={})
    assert stopped.json()["state"] == "stopped"
    lines = api.get(f"/t2p/v1/jobs/{job['id']}/events").text.split("\n\n")
    assert lines[-2] == "event: end\ndata: stopped"
    first = dict(line.split(": ", 1) for line in lines[0].splitlines())
    assert json.loads(first["data"])["type"] == first["event"] == "stopped"


def test_what_is_served_is_documented(workspace: Workspace) -> None:
    api = client(StudioHost(workspace))
    paths: dict[str, Any] = api.get("/t2p/v1/openapi.json").json()["paths"]
    assert "/people/{person}/sweeps" in paths
    assert all(told["summary"] for methods in paths.values() for told in methods.values())
    assert "/t2p/v1/jobs/{job}/events" in api.get("/t2p/v1/docs").text


def test_mounting_again_replaces_and_leaves_the_host_alone(workspace: Workspace) -> None:
    app = FastAPI()
    app.get("/{rest:path}")(own)
    before = len(app.router.routes)
    for _ in range(2):
        mount(app, StudioHost(workspace), Access())
    assert len(app.router.routes) == before + 1
    assert Client(app).get("/other").json() == "the host's own"


def test_a_password_of_the_api_is_enough_where_strangers_reach_the_page(
    workspace: Workspace,
) -> None:
    api = client(Locked(workspace), Access({"ann": "pw"}))
    headers = {"authorization": "Basic " + base64.b64encode(b"ann:pw").decode()}
    assert api.post("/t2p/v1/people", json=ANN, headers=headers).status_code == 201
    assert api.get("/t2p/v1/people").status_code == 401


def test_nothing_private_is_told_to_strangers(workspace: Workspace) -> None:
    client(StudioHost(workspace)).post("/t2p/v1/people", json=ANN)
    api = client(Locked(workspace))
    paths = api.get("/t2p/v1/openapi.json").json()["paths"]
    reads = [path for path, methods in paths.items() if "get" in methods]
    answers = {path: api.get("/t2p/v1" + path.replace("{person}", "ann-a")) for path in reads}
    assert {answer.status_code for answer in answers.values()} == {403}
    assert len(answers) > 8


@pytest.mark.parametrize("path", ["runs/check", "sweeps/forecast"])
def test_a_restricted_host_checks_no_files_either(workspace: Workspace, path: str) -> None:
    client(StudioHost(workspace)).post("/t2p/v1/people", json=ANN)
    person = client(StudioHost(workspace)).get("/t2p/v1/people").json()[0]["id"]
    body = {"name": "a", "checkpoint": "x"}
    answer = client(Locked(workspace)).post(f"/t2p/v1/people/{person}/{path}", json=body)
    assert (answer.status_code, answer.json()["detail"]) == (403, "Strangers reach this page.")


def test_a_site_that_the_host_was_told_of_may_ask(workspace: Workspace) -> None:
    api = client(StudioHost(workspace), Access(origins=frozenset({"https://my.example"})))
    headers = {"origin": "https://my.example", "sec-fetch-site": "cross-site"}
    assert api.get("/t2p/v1/people", headers=headers).status_code == 200


def test_a_proxy_that_changes_the_host_header_is_no_other_site(workspace: Workspace) -> None:
    headers = {"origin": "https://my.example", "sec-fetch-site": "same-origin"}
    assert client(StudioHost(workspace)).get("/t2p/v1/people", headers=headers).status_code == 200


def test_a_body_over_a_megabyte_is_refused_with_a_sentence(workspace: Workspace) -> None:
    answer = client(StudioHost(workspace)).post(
        "/t2p/v1/people", json={**ANN, "consent": "a" * 1_000_000}
    )
    assert answer.status_code == 413
    assert "1 MB" in answer.json()["detail"]
    assert workspace.people() == []


def test_answers_are_no_pages(workspace: Workspace) -> None:
    for path in ("/t2p/v1/people", "/t2p/v1/docs", "/t2p/v1/people/nobody"):
        headers = client(StudioHost(workspace)).get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]


def test_the_interface_loads_no_gradio() -> None:
    program = (
        "import sys; from lib_t2p.api import around_page, mount; sys.exit('gradio' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0

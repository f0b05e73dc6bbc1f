"""The page is made when the tab is opened, and only for those whom the WebUI lets in."""

from __future__ import annotations

from typing import Any

import gradio as gr
import pytest
from starlette.applications import Starlette
from webui_asking import asked
from webui_standin import Standin

from lib_t2p.access import Access
from lib_t2p.api.limits import EVENT
from lib_t2p.hosts.webui import setting_up
from lib_t2p.hosts.webui.background import begin
from lib_t2p.hosts.webui.served_apps import PATH, serve_page
from lib_t2p.hosts.webui.service import _RUNNING
from lib_t2p.hosts.webui.webui_tab import full_page, shell_page
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace.person import Workspace, open_workspace
from lib_t2p.workspace.uploads import waiting_folder


@pytest.fixture
def page(webui: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small page in place of the three tabs."""

    def small() -> tuple[gr.Blocks, Workspace]:
        with gr.Blocks(analytics_enabled=False) as blocks:
            gr.Textbox(label="Name", elem_id="t2p_name")
        return blocks, open_workspace(webui.root / "text-to-person")

    monkeypatch.setattr("lib_t2p.hosts.webui.webui_tab.full_page", small)


def webui_app(auth: list[tuple[str, str]] | None = None) -> Any:
    """What gradio makes for the WebUI, with its way of logging in."""
    with gr.Blocks(analytics_enabled=False) as demo:
        gr.Textbox()
    outer: Any = Starlette()
    gr.mount_gradio_app(outer, demo, path="/x")
    app = outer.routes[-1].app
    app.auth = dict(auth) if auth else None
    return app


def ids(config: dict[str, Any]) -> set[str]:
    return {c["props"].get("elem_id") for c in config["components"]} - {None}


def test_the_shell_costs_a_start_next_to_nothing(webui: Standin) -> None:
    config = shell_page().get_config_file()
    assert ids(config) == {"t2p_shell", "t2p_opening"}
    assert len(config["components"]) < 5
    assert not config["dependencies"]


def test_the_page_has_the_three_tabs_and_the_set_up(
    webui: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever runs the tests has everything set up.
    monkeypatch.setattr(setting_up, "is_ready", lambda _: False)
    blocks, workspace = full_page()
    assert {"t2p_root", "t2p_setup", "t2p_tabs"} <= ids(blocks.get_config_file())
    assert workspace.root == webui.root / "text-to-person"


CONFIG = ("GET", f"{PATH}/config")


def test_it_is_served_below_its_path(page: None) -> None:
    app = webui_app()
    serve_page(app, Access())
    (answer,) = asked(app, CONFIG)
    assert ids(answer.json()) == {"t2p_name"}
    assert answer.json()["root"].endswith(PATH)


def test_another_site_gets_nothing(page: None) -> None:
    app = webui_app()
    serve_page(app, Access())
    (answer,) = asked(app, CONFIG, headers={"origin": "http://evil.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers", [{"origin": "null"}, {"sec-fetch-site": "same-site"}, {"host": "0.0.0.0:7860"}]
)
def test_a_frame_another_port_and_a_turned_name_get_nothing(
    page: None, headers: dict[str, str]
) -> None:
    app = webui_app()
    serve_page(app, Access())
    for request in (CONFIG, ("POST", f"{PATH}/run/predict"), ("POST", f"{PATH}/upload")):
        (answer,) = asked(app, request, headers=headers)
        assert answer.status_code == 403


def test_only_what_the_page_needs_is_there(page: None, webui: Standin) -> None:
    app = webui_app()
    serve_page(app, Access())
    secret = webui.root / "text-to-person" / "workspace.json"
    closed = [f"/file={secret}", "/monitoring", "/proxy=http://a.example", "/component_server"]
    for path in closed:
        (answer,) = asked(app, ("GET", PATH + path))
        assert answer.status_code == 404


def test_an_event_of_the_page_fetches_nothing_and_is_small(page: None) -> None:
    app = webui_app()
    serve_page(app, Access())
    event = ("POST", f"{PATH}/run/predict")
    file = {"path": "http://127.0.0.1:1/a.png", "meta": {"_type": "gradio.FileData"}}
    (answer,) = asked(app, event, json={"fn_index": 0, "data": [file]})
    assert answer.status_code == 403
    (answer,) = asked(app, event, json={"fn_index": 0, "data": ["a" * EVENT]})
    assert answer.status_code == 413


def test_who_is_not_logged_in_to_the_webui_gets_nothing(page: None) -> None:
    app = webui_app([("ann", "secret")])
    serve_page(app, Access(any_name=True))
    name = {"username": "ann", "password": "secret"}
    answers = asked(app, CONFIG, ("POST", "/login"), CONFIG, data=name)
    assert [answer.status_code for answer in answers] == [401, 200, 200]


def test_the_work_beside_the_page_begins(webui: Standin) -> None:
    begin().join(60)
    try:
        workspace = open_workspace(webui.root / "text-to-person")
        assert [service.workspace for service in _RUNNING] == [workspace]
        assert _RUNNING[0].is_alive()
    finally:
        for service in _RUNNING:
            service.end()
        _RUNNING.clear()


@pytest.mark.parametrize("is_queued", [False, True])
def test_uploads_that_nobody_waits_for_are_gone_at_the_next_start(
    webui: Standin, is_queued: bool
) -> None:
    workspace = open_workspace(webui.root / "text-to-person")
    upload = waiting_folder(workspace) / "x" / "0" / "Zoë.png"
    upload.parent.mkdir(parents=True)
    upload.write_bytes(b"x")
    if is_queued:
        Queue(workspace).submit("dataset.import", {}, lane="light", person="ada")
    begin().join(60)
    try:
        assert upload.exists() is is_queued
    finally:
        for service in _RUNNING:
            service.end()
        _RUNNING.clear()

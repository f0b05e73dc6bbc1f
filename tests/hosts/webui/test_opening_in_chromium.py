"""Our tab in a page of gradio's, opened in a browser, as both WebUIs serve it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from browsing import browser_page
from webui_standin import Standin
from workers_of_xdist import first_port

from lib_t2p.access import Access
from lib_t2p.hosts.standalone.ports import free_port
from lib_t2p.hosts.webui import setting_up
from lib_t2p.hosts.webui.served_apps import PATH, serve_page
from lib_t2p.hosts.webui.webui_tab import TITLE, shell_page
from lib_t2p.ui import gradio_versions as g
from lib_t2p.workspace.people import load_person
from lib_t2p.workspace.person import open_workspace

pytestmark = [pytest.mark.slow, pytest.mark.browser]
SCRIPTS = Path(__file__).resolve().parents[3] / "javascript"


@pytest.fixture
def address(webui: Standin, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Of a page with two tabs, the second of which is ours, with something to set up."""
    monkeypatch.setattr(setting_up, "is_ready", lambda _: False)
    shell = shell_page()
    with gr.Blocks(analytics_enabled=False) as demo:
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("txt2img"):
                gr.Textbox(label="Prompt", elem_id="txt2img_prompt")
            with gr.Tab(TITLE):
                shell.render()
        g.run_at_load(demo, (SCRIPTS / "t2p_open.js").read_text(encoding="utf-8"))
    port = free_port(first_port(17_970))
    app, _, _ = demo.launch(server_name="127.0.0.1", server_port=port, **QUIET)
    serve_page(app, Access())
    yield f"http://127.0.0.1:{port}/"
    demo.close()


QUIET: dict[str, Any] = {
    "quiet": True,
    "share": False,
    "show_api": False,
    "prevent_thread_lock": True,
}


@pytest.fixture
def tab(address: str) -> Iterator[Any]:
    """A browser's page; `asked` lists the addresses below ours that it asked for."""
    with browser_page(address) as page:
        page.asked = []
        page.on("request", lambda one: page.asked.append(one.url) if PATH in one.url else None)
        page.goto(address)
        page.wait_for_selector("#txt2img_prompt")
        yield page


def open_ours(tab: Any) -> None:
    tab.get_by_role("tab", name=TITLE).or_(tab.get_by_role("button", name=TITLE)).first.click()
    tab.wait_for_selector("#t2p_root #t2p_tabs")


def test_nothing_of_ours_is_asked_for_until_the_tab_is_opened(tab: Any) -> None:
    assert tab.asked == []
    assert tab.locator("#t2p_root").count() == 0
    open_ours(tab)
    assert tab.locator("#t2p_opening").count() == 0
    assert tab.locator("#t2p_setup_start").is_visible()


def test_the_opened_tab_works_and_the_webuis_page_keeps_its_settings(
    tab: Any, webui: Standin
) -> None:
    open_ours(tab)
    ours = tab.locator("#t2p_root")
    ours.get_by_label("Name", exact=True).first.fill("Ann Größe")
    ours.get_by_label("Trigger token").first.fill("ohwx")
    ours.get_by_label("I may use this person's likeness").first.check()
    ours.get_by_role("button", name="Create person").click()
    tab.get_by_text("Ann Größe was created").wait_for()
    (person,) = open_workspace(webui.root / "text-to-person").people()
    assert load_person(person).name == "Ann Größe"
    kept = tab.evaluate("window.gradio_config.components.map((one) => one.props.elem_id)")
    assert "txt2img_prompt" in kept
    assert "t2p_root" not in kept


def test_a_page_that_cannot_be_made_says_why(
    tab: Any, webui: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr("lib_t2p.hosts.webui.webui_tab.full_page", broken)
    tab.get_by_role("tab", name=TITLE).or_(tab.get_by_role("button", name=TITLE)).first.click()
    said = tab.locator("#t2p_opening [role=alert]")
    said.wait_for()
    assert said.inner_text() == "Text to Person could not make its page: The disk is full."

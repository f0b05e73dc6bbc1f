"""A WebUI in German: our tab and our section of its settings, and what is set there."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import browser_page
from real_webui import Running, Webui, copy_extension, start, stop
from story import post, wait_for

from lib_t2p.workspace.person import open_workspace
from lib_t2p.workspace.preferences import read_preferences

pytestmark = [pytest.mark.host, pytest.mark.slow, pytest.mark.browser]
ROOT = Path(__file__).resolve().parents[2]
SET = 77.0
"""Seconds after which our own painter takes over: nobody's default."""


@pytest.fixture(scope="module")
def german(webui: Webui, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data = tmp_path_factory.mktemp("webui auf deutsch")
    copy_extension(ROOT, data)
    told = {"localization": "de_DE"}
    (data / "config.json").write_text(json.dumps(told), encoding="utf-8")
    running = start(webui, data, "--t2p-workspace", str(data / "leute"))
    yield running
    stop(running)


def test_our_tab_and_our_settings_are_in_german(german: Running, tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{german.port}/"
    shots = Path(os.environ.get("T2P_SCREENSHOTS") or tmp_path)
    size = {"width": 1400, "height": 1300}
    with browser_page(address, wait=120_000, viewport=size) as page:
        page.goto(address)
        page.wait_for_function("() => typeof window.switch_to_txt2img === 'function'")
        page.locator("button", has_text="Text to Person").first.click()
        for title in ("Datensatz", "Training", "Erzeugen"):
            tab = page.locator("#t2p_tabs button:visible", has_text=re.compile(rf"^\s*{title}\s*$"))
            tab.first.click()
        page.screenshot(path=shots / "host-german.png")
        page.locator(
            "#tabs button", has_text=re.compile(r"^\s*(Settings|Einstellungen)\s*$")
        ).first.click()
        page.locator("#settings button", has_text="Text to Person").first.click()
        page.locator("#setting_t2p_recipe:visible", has_text="Rezept").wait_for()
        page.screenshot(path=shots / "host-german-settings.png")
        assert page.faults == []


def test_what_is_set_reaches_the_worker(german: Running) -> None:
    post(german, "/sdapi/v1/options", {"t2p_painter_after": SET})
    workspace = open_workspace(german.data / "leute")
    wait_for(lambda: read_preferences(workspace).painter_after == SET, "the worker's setting")
    assert german.ours() == []

"""Our tabs in a real WebUI's page, looked at in a browser; its own tabs filled from them."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from real_webui import Running

pytestmark = [pytest.mark.host, pytest.mark.slow, pytest.mark.browser]
INFOTEXT = (
    "photo of ohwx woman <lora:t2p_x_e01:0.9>\nNegative prompt: ugly\n"
    "Steps: 7, Sampler: Euler a, CFG scale: 3, Seed: 77, Size: 128x64"
)
SEND = """([target, text]) => {
    const button = document.createElement("button");
    button.dataset.t2pSend = target;
    button.dataset.t2pInfotext = text;
    document.querySelector("#t2p_root").appendChild(button);
    button.click();
}"""
"""A button as `lib_t2p.ui.sending.send_button` draws it, so that no picture must be painted."""


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, running: Running) -> Iterator[Any]:
    """The WebUI's page in one of its themes, our tab opened, with `faults` of its console."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed")
    address = f"http://127.0.0.1:{running.port}/"
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1300})
        page.set_default_timeout(120_000)
        page.theme, page.faults = request.param, []
        page.route("**/*", lambda route: _local_only(route, address))
        page.on("console", lambda said: _note(page.faults, said, address))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(f"{address}?__theme={request.param}")
        page.wait_for_function("() => typeof window.switch_to_txt2img === 'function'")
        page.locator("button", has_text="Text to Person").first.click()
        page.wait_for_selector("#t2p_root")
        # Answered once: the page is whole, as when a person presses something in it.
        page.wait_for_selector("#t2p_dataset_beat [data-beat]", state="attached")
        yield page
        browser.close()


def _local_only(route: Any, address: str) -> None:
    if route.request.url.startswith((address, "data:", "blob:")):
        route.continue_()
    else:
        route.abort()


def _note(faults: list[str], said: Any, address: str) -> None:
    source = said.location.get("url", "")
    if said.type == "error" and (not source or source.startswith(address)):
        faults.append(said.text)


def test_each_tab_is_seen_wide_and_narrow_without_a_word_in_the_console(
    page: Any, tmp_path: Path
) -> None:
    shots = Path(os.environ.get("T2P_SCREENSHOTS") or tmp_path)
    for width in (1400, 420):
        page.set_viewport_size({"width": width, "height": 1300})
        for title in ("Dataset", "Train", "Generate"):
            named = page.locator(
                "#t2p_tabs button:visible", has_text=re.compile(rf"^\s*{title}\s*$")
            )
            named.first.click()
            page.locator(f"#t2p_root >> text={title}").first.wait_for()
            page.screenshot(path=shots / f"host-{page.theme}-{width}-{title}.png")
            spare = "() => document.documentElement.scrollWidth - window.innerWidth"
            assert page.evaluate(spare) <= 0, (title, width)
    assert page.faults == []


@pytest.mark.parametrize("target", ["txt2img", "img2img"])
def test_a_picture_is_sent_to_the_webuis_own_tab(page: Any, target: str) -> None:
    page.evaluate(SEND, [target, INFOTEXT])
    page.wait_for_function(
        "(t) => document.querySelector(`#${t}_seed input`).value === '77'", arg=target
    )
    values = {
        name: page.locator(f"#{target}_{name} {kind}").first.input_value()
        for name, kind in {"prompt": "textarea", "neg_prompt": "textarea", "steps": "input"}.items()
    }
    assert values["prompt"] == INFOTEXT.partition("\n")[0]
    assert (values["neg_prompt"], values["steps"]) == ("ugly", "7")
    assert page.locator(f"#{target}_prompt").is_visible()

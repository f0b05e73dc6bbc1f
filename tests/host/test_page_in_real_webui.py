"""Our tabs in a real WebUI's page, looked at in a browser; its own tabs filled from them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import browser_page
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
"""A button as `lib_t2p.ui.markup.send_button` draws it, so that no picture must be painted."""


HEARS = """(target) => {
    const prompt = document.querySelector(`#${target}_prompt textarea`);
    const word = `heard${window.t2pWords = 1 + (window.t2pWords || 0)}`;
    if ((window.t2pSent || "").includes("heard")) {
        prompt.value = "";
        prompt.dispatchEvent(new Event("input", {bubbles: true}));
        return true;
    }
    prompt.value = word;
    prompt.dispatchEvent(new Event("input", {bubbles: true}));
    return false;
}"""
"""Types a word until the WebUI counts its tokens: its page is drawn before it hears its fields."""
LISTEN = """() => {
    const note = (text) => { window.t2pSent = (window.t2pSent || "") + String(text || ""); };
    const ask = window.fetch, send = WebSocket.prototype.send;
    window.fetch = (url, more) => { note(more && more.body); return ask(url, more); };
    WebSocket.prototype.send = function (text) { note(text); return send.call(this, text); };
}"""
"""gradio 4 asks by fetch, gradio 3 through a socket too."""
PAUSE = 2000
"""Milliseconds between two words: the WebUI counts when a person has paused for 800."""


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, running: Running) -> Iterator[Any]:
    """The WebUI's page in one of its themes, our tab opened."""
    address = f"http://127.0.0.1:{running.port}/"
    size = {"width": 1400, "height": 1300}
    with browser_page(address, wait=120_000, viewport=size) as page:
        page.theme = request.param
        page.add_init_script(f"({LISTEN})()")
        page.goto(f"{address}?__theme={request.param}")
        page.wait_for_function("() => typeof window.switch_to_txt2img === 'function'")
        page.locator("button", has_text="Text to Person").first.click()
        page.wait_for_selector("#t2p_root")
        # Answered once: the page is whole, as when a person presses something in it.
        page.wait_for_selector("#t2p_dataset_beat [data-beat]", state="attached")
        yield page


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
    page.wait_for_function(HEARS, arg=target, polling=PAUSE)
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

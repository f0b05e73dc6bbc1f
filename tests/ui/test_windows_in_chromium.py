"""The studio's page in a narrow window, in the dark, and without a mouse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ui_fakes import collins, finished_dataset, open_tab

from lib_t2p.workspace.person import Workspace

pytestmark = pytest.mark.browser

TABS = ("Dataset", "Train", "Generate")
CONTRAST = """() => {
  const parts = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => v / 255)
      .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const found = parts(getComputedStyle(node).backgroundColor);
      if (found.length === 3 || found[3] > 0.9) return found;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll("#t2p_root *")) {
    const own = [...node.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !node.offsetParent || node.closest("[disabled], svg")) continue;
    const [one, other] = [light(parts(getComputedStyle(node).color)), light(ground(node))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 3) found.push(`${node.textContent.trim().slice(0, 40)}: ${ratio.toFixed(2)}`);
  }
  return found;
}"""
"""Texts whose contrast is below 3, the least that WCAG 2.1 (1.4.3, AA) asks of large text."""
FOCUSED = """() => {
  for (let node = document.activeElement; node; node = node.parentElement)
    if (node.id && node.id.startsWith("t2p_")) return node.id;
  return document.activeElement.textContent.trim();
}"""


@pytest.fixture
def filled(workspace: Workspace) -> None:
    finished_dataset(collins(workspace))


def test_nothing_is_cut_off_in_a_narrow_window(tab: Any, filled: None, pictures: Path) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.reload()
    tab.wait_for_selector("#t2p_root")
    for title in TABS:
        open_tab(tab, title)
        tab.locator(f"#t2p_tab_{title.lower()}").wait_for()
        tab.screenshot(path=pictures / f"narrow-{title}.png")
        wide = tab.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 1, title
    assert tab.faults == []


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_text_can_be_read(
    tab: Any, address: str, filled: None, pictures: Path, theme: str
) -> None:
    tab.goto(f"{address}?__theme={theme}")
    tab.wait_for_selector("#t2p_root")
    faint = {}
    for title in TABS:
        open_tab(tab, title)
        tab.locator(f"#t2p_tab_{title.lower()}").wait_for()
        tab.screenshot(path=pictures / f"{theme}-{title}.png", full_page=True)
        if found := tab.evaluate(CONTRAST):
            faint[title] = found
    assert faint == {}


def test_a_person_is_made_without_a_mouse(tab: Any) -> None:
    tab.locator("#t2p_new_name input, #t2p_new_name textarea").first.focus()
    tab.keyboard.type("Eileen Collins")
    seen = []
    for _ in range(30):
        tab.keyboard.press("Tab")
        seen.append(tab.evaluate(FOCUSED))
        if seen[-1] == "t2p_new_create":
            break
    assert seen[-1] == "t2p_new_create"
    assert {"t2p_new_trigger", "t2p_new_class", "t2p_new_consent"} <= set(seen)
    tab.keyboard.press("Enter")
    tab.locator("#t2p_new_message").get_by_text("consent is missing").wait_for()


def test_tabs_are_reached_and_opened_without_a_mouse(tab: Any) -> None:
    tab.locator("#t2p_tabs button", has_text="Train").first.focus()
    tab.keyboard.press("Enter")
    tab.locator("#t2p_train_live").first.wait_for()
    assert tab.faults == []

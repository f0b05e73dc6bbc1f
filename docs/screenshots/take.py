"""Take the README's pictures of a running studio: `take.py http://127.0.0.1:7870/ light [NAME...]`.

Run `python3 t2p.py demo --no-browser` first, so that every tab has something to show; the pictures
`train-sweeps` and `train-logs` want a sweep whose page was drawn, and logs that were judged.
"""

from __future__ import annotations

import io
import re
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).resolve().parent
TABS = {"Dataset": "#t2p_dataset_photos img", "Train": "svg", "Generate": "#t2p_grid_picture img"}
"""Title -> what must be seen before the picture is taken."""
INSIDE = {
    "Sweeps": "#t2p_sweep_results img",
    "Logs": "#t2p_logs_result img",
}
"""The same for the tabs inside the Train tab."""
HIGHEST = 2000
"""Pixels of a picture; what lies beneath is more of the same."""


def take(address: str, theme: str, names: list[str]) -> None:
    """Write one PNG of 256 colours per tab; only the named ones, or all that always have one."""
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(90_000)
        page.goto(f"{address}?__theme={theme}", wait_until="domcontentloaded")
        for title, sign in TABS.items():
            if not names or title.lower() in names:
                _open(page, "#t2p_tabs", title)
                _save(page, sign, FOLDER / f"{title.lower()}.png")
        for title, sign in INSIDE.items():
            if f"train-{title.lower()}" in names:
                _open(page, "#t2p_tabs", "Train")
                _open(page, "#t2p_train_tabs", title)
                _save(page, sign, FOLDER / f"train-{title.lower()}.png")
        browser.close()


def _open(page: Page, tabs: str, title: str) -> None:
    named = re.compile(rf"^\s*{title}\s*$")
    page.locator(f"{tabs} button:visible", has_text=named).first.click()


def _save(page: Page, sign: str, path: Path) -> None:
    page.locator(f"{sign}:visible").first.wait_for()
    page.wait_for_function("[...document.images].every(i => i.loading || i.complete)")
    page.wait_for_timeout(1500)
    with Image.open(io.BytesIO(page.screenshot(full_page=True))) as taken:
        shown = taken.convert("RGB").crop((0, 0, taken.width, min(taken.height, HIGHEST)))
        shown.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    take(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "light", sys.argv[3:])

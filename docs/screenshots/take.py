"""Take the README's pictures of a running studio: `take.py http://127.0.0.1:7870/ [dark]`.

Run `python3 t2p.py demo --no-browser` first, so that every tab has something to show.
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


def take(address: str, theme: str) -> None:
    """Write one PNG of 256 colours per tab."""
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(90_000)
        page.goto(f"{address}?__theme={theme}", wait_until="domcontentloaded")
        for title, sign in TABS.items():
            named = re.compile(rf"^\s*{title}\s*$")
            page.locator("#t2p_tabs button:visible", has_text=named).first.click()
            page.locator(f"{sign}:visible").first.wait_for()
            page.wait_for_function("[...document.images].every(i => i.loading || i.complete)")
            _save(page, FOLDER / f"{title.lower()}.png")
        browser.close()


def _save(page: Page, path: Path) -> None:
    page.wait_for_timeout(1500)
    with Image.open(io.BytesIO(page.screenshot(full_page=True))) as taken:
        taken.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    take(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "light")

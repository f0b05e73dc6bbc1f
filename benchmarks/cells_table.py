"""How soon a grid of thousands of scored cells can be looked at in the Generate tab.

    python -m benchmarks.cells_table                # 5,000 cells of 512 px
    python -m benchmarks.cells_table --cells 1000

Chromium opens the studio and changes to the Generate tab; the clock ends when the first page's
pictures are all drawn and the verdict is there. Beside it, in the same run and browser, a page of
nothing but gradio's own Gallery with the same files; its clock ends when all pictures of what is
seen first are drawn. The first opening makes the small pictures of the first page, the second one
finds them. The numbers of the cells are made up, with a seed: only their count matters here.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np

from benchmarks.gallery_peer import serve_peer
from benchmarks.scoring import SIDE, PortraitPainter, make_grid
from lib_t2p.cli_output import Output
from lib_t2p.grids.cells.cell_files import cell_path
from lib_t2p.grids.cells.cells import Cell, read_cells
from lib_t2p.hosts.standalone.ports import ADDRESS, free_port
from lib_t2p.hosts.standalone.studio_host import StudioHost
from lib_t2p.hosts.standalone.studio_page import serve
from lib_t2p.painting.request import CellRequest, PaintedCell
from lib_t2p.scores.verdict.scores import CellScore, RealPhotos, Scores, write_scores
from lib_t2p.workspace.person import GridFolder

CELLS = 5000
LIMIT = 3.0
"""Seconds that opening may take."""
DIFFERENT = 24
"""Pictures that are drawn; the cells' files are copies of them."""
PATIENCE = 120_000
"""Milliseconds."""
DRAWN = (
    "(where) => { const all = [...document.querySelectorAll(where)]"
    ".filter((i) => { const b = i.getBoundingClientRect();"
    " return b.width && b.top < innerHeight && b.bottom > 0; });"
    " return all.length > 3 && all.every((i) => i.complete && i.naturalWidth); }"
)
"""Whether all pictures in sight that fit `where` are drawn; lazy ones below are not asked for."""


class FewPictures:
    """Paints few different portraits again and again, so that a large grid is made quickly."""

    name = "benchmark"

    def __init__(self) -> None:
        self._portraits = PortraitPainter()
        self._painted: dict[int, PaintedCell] = {}

    def faults(self, requests: Sequence[CellRequest]) -> list[str]:
        """None: it can paint anything."""
        return []

    def paint(self, request: CellRequest) -> PaintedCell:
        """A 512 px PNG, one for each remainder of the seed."""
        kind = request.seed % DIFFERENT
        if kind not in self._painted:
            self._painted[kind] = self._portraits.paint(request)
        return self._painted[kind]


def made_up_scores(grid: GridFolder, cells: Sequence[Cell]) -> Scores:
    """Numbers of plausible size for each cell; later saved models are a little nearer."""
    random = np.random.default_rng(1)
    real = tuple(float(v) for v in random.normal(0.42, 0.03, 11))
    nearest = tuple(float(v) for v in random.normal(0.36, 0.03, 11))
    photos = RealPhotos(3, 11, 0, real, nearest, False)
    scores = tuple(_score(random, cell, cell_path(grid, cell)) for cell in cells)
    return Scores("benchmark", "made up", "made up", 0.6, "made up", photos, scores)


def _score(random: np.random.Generator, cell: Cell, picture: Path) -> CellScore:
    distance = float(random.normal(0.7 if not cell.model else 0.55 - 0.01 * cell.x, 0.05))
    return CellScore(
        id=cell.id,
        model=cell.model,
        weight=cell.weight,
        prompt=cell.prompt,
        seed=cell.seed,
        faces=1,
        distances=(distance, distance + 0.02, distance - 0.02),
        distance=distance,
        nearest_training=distance,
        sharpness=float(random.normal(30, 4)),
        picture=hashlib.sha256(picture.name.encode()).hexdigest(),
        repeated=0.0,
        burnt=float(random.uniform(0, 0.02)),
    )


@contextmanager
def browser_page() -> Iterator[Any]:
    """A page of Chromium which asks for nothing outside this machine."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(PATIENCE)
        page.route(
            "**/*",
            lambda route: route.continue_() if ADDRESS in route.request.url else route.abort(),
        )
        yield page
        browser.close()


def our_seconds(page: Any, address: str) -> tuple[float, float]:
    """Seconds to open the page, and from the press on Generate until all is there."""
    began = time.perf_counter()
    page.goto(address)
    generate = page.locator("#t2p_tabs button:visible", has_text="Generate").first
    generate.wait_for()
    opened = time.perf_counter()
    generate.click()
    page.locator("#t2p_grid_table img").first.scroll_into_view_if_needed()
    page.wait_for_function(DRAWN, arg="#t2p_grid_table img")
    page.locator("#t2p_grid_verdict").wait_for()
    return opened - began, time.perf_counter() - opened


def peer_seconds(page: Any, address: str) -> float:
    """Seconds from asking for the page until the pictures in sight are drawn."""
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_function(DRAWN, arg="#peer img")
    return time.perf_counter() - began


def _peer(pictures: Sequence[Path], folder: Path) -> tuple[gr.Blocks, str]:
    with gr.Blocks() as blocks:
        gr.Gallery([str(path) for path in pictures], columns=8, elem_id="peer")
    return blocks, serve_peer(blocks, folder)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=CELLS)
    parser.add_argument("--picture", type=Path, help="a screenshot of the tab is written here")
    given = parser.parse_args()
    output = Output()
    with tempfile.TemporaryDirectory(prefix="t2p-cells-") as folder:
        grid, person = make_grid(Path(folder), given.cells, FewPictures())
        cells = read_cells(grid)
        write_scores(grid, made_up_scores(grid, cells))
        port = free_port(17_980)
        ours = serve(StudioHost(person.workspace), port, open_browser=False, wait=False)
        peer, peer_address = _peer([cell_path(grid, cell) for cell in cells], Path(folder))
        try:
            with browser_page() as page:
                openings = [our_seconds(page, f"http://{ADDRESS}:{port}/") for _ in range(2)]
                if given.picture:
                    page.screenshot(path=given.picture)
                theirs = [peer_seconds(page, peer_address) for _ in range(2)]
        finally:
            ours.close()
            peer.close()
    output.line(f"{len(cells)} cells of {SIDE} px, first and second opening, seconds:")
    for named, (opened, shown), whole in zip(("first", "second"), openings, theirs, strict=True):
        output.line(
            f"  {named}: Generate tab {shown:.1f} (page of the studio before it {opened:.1f}); "
            f"gradio's Gallery {whole:.1f}; Gallery / ours, page included: "
            f"{whole / (opened + shown):.1f}"
        )
    slowest = max(shown for _, shown in openings)
    output.line(f"under {LIMIT:.0f} s: {'yes' if slowest < LIMIT else 'NO'}")


if __name__ == "__main__":
    main()

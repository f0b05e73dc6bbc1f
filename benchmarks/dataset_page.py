"""How soon a roll of thousands of photos can be looked at and decided about in the Dataset tab.

    python -m benchmarks.dataset_page                 # 2,000 photos of 1,600 x 1,200
    python -m benchmarks.dataset_page --photos 500

Chromium opens the studio with photos that were imported and looked at; the clock ends when the
count of used photos is there and all pictures in sight are drawn. Then a person turns the page,
leaves a photo out, and moves a slider that decides about every photo. Beside it, in the same run
and browser, a page of nothing but gradio's own Gallery with the same files and one number, which
narrows it to faces of that width. `longest` is the longest time during these acts in which the
page's own thread took no click. What was seen in the photos is made up, with a seed: only their
count matters here.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from PIL import Image

from benchmarks.cells_table import DRAWN, browser_page, peer_seconds
from benchmarks.gallery_peer import serve_peer
from lib_t2p.actions.photos.new_people import new_person
from lib_t2p.cli_output import Output
from lib_t2p.dataset.looks import Look
from lib_t2p.dataset.previews import write_previews
from lib_t2p.dataset.survey import (
    Survey,
    SurveyedPerson,
    SurveyedPhoto,
    read_survey,
    write_survey,
)
from lib_t2p.dataset.thresholds import FaceNumbers
from lib_t2p.hosts.standalone.ports import ADDRESS, free_port
from lib_t2p.hosts.standalone.studio_host import StudioHost
from lib_t2p.hosts.standalone.studio_page import serve
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.workspace.person import PersonFolder, open_workspace

PHOTOS = 2000
SIZE = (1600, 1200)
DIFFERENT = 24
"""Pictures that are drawn; the photos' files are links to them."""
LIMIT = 3.0
"""Seconds that any of the acts may take."""
WATCH = (
    "() => { window.longest = 0; new PerformanceObserver((list) => list.getEntries().forEach("
    "(e) => { window.longest = Math.max(window.longest, e.duration / 1000); }))"
    ".observe({ type: 'longtask', buffered: true }); }"
)
"""Chromium tells of every time that its thread was busy for more than 50 ms."""
CARDS = "#t2p_photos_cards img"


@dataclass(frozen=True)
class Opening:
    """Seconds.

    Attributes:
        page: until the studio's page is there.
        tab: from then until counts and pictures are.
        acts: name -> seconds until its effect is seen.
        longest: the longest time during the acts in which the page took no click.
    """

    page: float
    tab: float
    acts: dict[str, float]
    longest: float


def make_roll(root: Path, count: int) -> PersonFolder:
    """A person with photos as they are after import and inspection."""
    folder = new_person(
        open_workspace(root / "workspace"),
        name="Benchmark",
        trigger="ohwx",
        class_word="woman",
        consent="drawn",
        now=datetime(2026, 1, 2, tzinfo=timezone.utc),
    )
    random = np.random.default_rng(1)
    drawn = [_drawn(root / f"drawn-{n}.jpg", random) for n in range(min(DIFFERENT, count))]
    names = [f"photo-{n:04d}.jpg" for n in range(count)]
    for number, name in enumerate(names):
        (folder.photos / name).hardlink_to(drawn[number % len(drawn)])
    write_previews(folder, dict.fromkeys(names[: len(drawn)], 0), SilentReporter())
    for number, name in enumerate(names[len(drawn) :]):
        folder.preview(name).hardlink_to(folder.preview(names[number % len(drawn)]))
    seen = tuple(_seen(name, number // 3, random) for number, name in enumerate(names))
    write_survey(folder, Survey(seen, (SurveyedPerson((names[0], 0), count),), 0))
    return folder


def _drawn(path: Path, random: np.random.Generator) -> Path:
    coarse = random.integers(0, 255, (30, 40, 3), np.uint8)
    Image.fromarray(coarse).resize(SIZE, Image.Resampling.BICUBIC).save(path, quality=90)
    return path


def _seen(name: str, group: int, random: np.random.Generator) -> SurveyedPhoto:
    width = float(random.uniform(60, 500))
    sharpness = float(random.uniform(5, 80))
    left, top = random.uniform(0, SIZE[0] - width), random.uniform(0, SIZE[1] - width)
    box = (float(left), float(top), float(left + width), float(top + width))
    shown = {
        "quality": float(random.uniform(10, 99)),
        "face": width,
        "sharpness": sharpness,
        "light": 120.0,
        "yaw": float(random.normal(0, 20)),
    }
    numbers = FaceNumbers(width, 120.0, 0.0, 90.0, sharpness, 0.0, 0.3, True)
    colours = tuple(float(colour) for colour in random.uniform(0, 255, 15))
    look = Look(name, shown["quality"], 0.4, shown["yaw"], 0.0, -2.0, 120.0, 90.0, colours)
    return SurveyedPhoto(
        name,
        width=SIZE[0],
        height=SIZE[1],
        faces=(box,),
        face=0,
        numbers=numbers,
        shown=shown,
        look=look,
        groups=(group, group),
    )


def our_opening(page: Any, address: str) -> Opening:
    """Open the studio and do what a person does first."""
    began = time.perf_counter()
    page.goto(address)
    page.evaluate(WATCH)
    page.locator("#t2p_tabs button:visible", has_text="Dataset").first.click()
    opened = time.perf_counter()
    page.locator("#t2p_photos_counts").wait_for()
    page.locator(CARDS).first.scroll_into_view_if_needed()
    page.wait_for_function(DRAWN, arg=CARDS)
    shown = time.perf_counter()
    page.evaluate("window.longest = 0")
    acts = {
        name: _seconds(act, page)
        for name, act in (("turn", _turn), ("leave out", _leave_out), ("slider", _slider))
    }
    return Opening(opened - began, shown - opened, acts, page.evaluate("window.longest"))


def peer_page(person: PersonFolder) -> tuple[gr.Blocks, str]:
    """gradio's Gallery of all photos with a number that narrows it, and its address."""
    survey = read_survey(person)
    faces = {one.photo: one.shown["face"] for one in (survey.photos if survey else ())}

    def narrowed(least: float) -> list[str]:
        return [str(person.photos / name) for name, face in faces.items() if face >= least]

    with gr.Blocks() as blocks:
        number = gr.Number(0, label="Smallest face (px)", elem_id="peer_least")
        gallery = gr.Gallery(narrowed(0), columns=8, elem_id="peer")
        number.submit(narrowed, [number], [gallery])
    return blocks, serve_peer(blocks, person.root)


def peer_opening(page: Any, address: str) -> Opening:
    """Open the page of the Gallery, and narrow it."""
    opened = peer_seconds(page, address)
    page.evaluate(WATCH)
    acts = {"slider": _seconds(_peer_slider, page)}
    return Opening(0.0, opened, acts, page.evaluate("window.longest"))


def _peer_slider(page: Any) -> None:
    count = "document.querySelectorAll('#peer img').length"
    before = page.evaluate(count)
    least = page.locator("#peer_least input")
    least.fill("300")
    least.press("Enter")
    page.wait_for_function(f"(old) => {count} !== old", arg=before)
    page.wait_for_function(DRAWN, arg="#peer img")


def _seconds(act: Callable[[Any], None], page: Any) -> float:
    began = time.perf_counter()
    act(page)
    return time.perf_counter() - began


def _turn(page: Any) -> None:
    first = page.locator("#t2p_photos_cards figure").first.get_attribute("data-photo")
    page.locator('[data-t2p-act="page 2"]').first.click()
    page.locator(f'#t2p_photos_cards [data-photo="{first}"]').wait_for(state="detached")
    page.wait_for_function(DRAWN, arg=CARDS)


def _leave_out(page: Any) -> None:
    button = page.locator('[data-t2p-act^="leave_out"]').first
    photo = button.get_attribute("data-t2p-act").partition(" ")[2]
    button.click()
    page.locator(f'[data-t2p-act="forget {photo}"]').wait_for()


def _slider(page: Any) -> None:
    before = page.locator("#t2p_photos_counts").inner_text()
    least = page.locator("#t2p_build_least_face input[type=number]")
    if not least.is_visible():
        page.locator("#t2p_build_limits .label-wrap, #t2p_build_limits button").first.click()
    least.fill("300" if least.input_value() != "300" else "200")
    least.press("Enter")
    page.wait_for_function(
        "(old) => document.querySelector('#t2p_photos_counts')?.innerText !== old", arg=before
    )


def table(count: int, ours: Sequence[Opening], theirs: Sequence[Opening]) -> list[str]:
    """What is printed, a line each."""
    lines = [f"{count} photos of {SIZE[0]} x {SIZE[1]}, first and second opening, seconds:"]
    for named, one, peer in zip(("first", "second"), ours, theirs, strict=True):
        acts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in one.acts.items())
        lines.append(
            f"  {named}: Dataset tab {one.tab:.1f} (page of the studio before it {one.page:.1f}); "
            f"then {acts}; longest {one.longest:.2f}\n"
            f"    gradio's Gallery with its page {peer.tab:.1f}; then slider "
            f"{peer.acts['slider']:.1f}; longest {peer.longest:.2f}\n"
            f"    Gallery / ours: opening {peer.tab / (one.page + one.tab):.1f}, slider "
            f"{peer.acts['slider'] / one.acts['slider']:.1f}"
        )
    slowest = max(max(one.tab, *one.acts.values()) for one in ours)
    return [*lines, f"each under {LIMIT:.0f} s: {'yes' if slowest < LIMIT else 'NO'}"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=PHOTOS)
    parser.add_argument("--picture", type=Path, help="a screenshot of the tab is written here")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="t2p-page-") as folder:
        os.environ["GRADIO_TEMP_DIR"] = str(Path(folder) / "gradio")
        person = make_roll(Path(folder), given.photos)
        port = free_port(17_980)
        ours = serve(StudioHost(person.workspace), port, open_browser=False, wait=False)
        peer, peer_address = peer_page(person)
        try:
            with browser_page() as page:
                address = f"http://{ADDRESS}:{port}/"
                openings = [our_opening(page, address) for _ in range(2)]
                if given.picture:
                    page.screenshot(path=given.picture)
                theirs = [peer_opening(page, peer_address) for _ in range(2)]
        finally:
            ours.close()
            peer.close()
    for line in table(given.photos, openings, theirs):
        Output().line(line)


if __name__ == "__main__":
    main()

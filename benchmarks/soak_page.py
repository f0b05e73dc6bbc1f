"""What a person does in the studio's page during the soak: opens long lists, changes tabs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from benchmarks.cells_table import DRAWN
from benchmarks.dataset_page import CARDS

LIMIT = 2.0
"""Seconds that a list may take to open."""
STAY = 1800
"""Milliseconds on a tab."""
TOUR: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Dataset", "#t2p_tab_dataset", ()),
    ("Train", "#t2p_train_tabs", ("Run", "Queue", "Sweeps", "Disk")),
    ("Generate", "#t2p_generate_tabs", ("Compare", "Portraits", "Vote")),
)
"""Tab, where its inner tabs are, and their titles."""


def open_photos(page: Any, address: str) -> float:
    """Seconds from the opened page until the first page of photos is drawn."""
    page.goto(address)
    _tab(page, "Train").wait_for()
    _tab(page, "Train").click()
    _tab(page, "Dataset").click()
    return _seconds(lambda: _photos_are_there(page))


def open_jobs(page: Any, address: str) -> float:
    """Seconds from the press on Queue until the list of ended jobs is there."""
    page.goto(address)
    _tab(page, "Train").wait_for()
    _tab(page, "Train").click()
    queue = page.locator("#t2p_train_tabs button:visible", has_text="Queue").first
    queue.wait_for()
    queue.click()
    return _seconds(page.locator("#t2p_queue_over td").first.wait_for)


def load_page(page: Any, address: str) -> float:
    """Seconds to load the studio's page itself."""

    def load() -> None:
        page.goto(address)
        _tab(page, "Dataset").wait_for()

    return _seconds(load)


def tour(page: Any, goes_on: Callable[[], bool]) -> int:
    """Visit each tab and inner tab once; gives how many were seen."""
    seen = 0
    for title, place, inner in TOUR:
        _tab(page, title).click()
        for one in inner or ("",):
            if not goes_on():
                return seen
            if one:
                page.locator(f"{place} button:visible", has_text=one).first.click()
            page.wait_for_timeout(STAY)
            seen += 1
        _turn(page)
    return seen


def _turn(page: Any) -> None:
    """Press what turns a list's page, where there is one."""
    for act in ('[data-t2p-channel="photos_act"][data-t2p-act^="page"]', "#t2p_queue_over button"):
        button = page.locator(act).last
        if button.count() and button.is_visible():
            button.click()
            page.wait_for_timeout(STAY)


def _photos_are_there(page: Any) -> None:
    page.locator("#t2p_photos_counts").wait_for()
    page.locator(CARDS).first.scroll_into_view_if_needed()
    page.wait_for_function(DRAWN, arg=CARDS)


def _tab(page: Any, title: str) -> Any:
    return page.locator("#t2p_tabs button:visible", has_text=title).first


def _seconds(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began

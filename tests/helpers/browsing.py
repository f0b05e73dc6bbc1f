"""A browser for tests: pages of this machine only, and what their console complains about."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from workers_of_xdist import one_browser

WAIT = 60_000
"""Milliseconds until a missing element fails; the machine may be busy."""


@contextmanager
def browser_page(address: str, *, wait: int = WAIT, **options: Any) -> Iterator[Any]:
    """A new page, not yet at `address`, of a Chromium that reaches nothing else.

    Its `faults` are the errors of its console. The test is skipped without playwright or Chromium.

    Args:
        address: http://host:port/ of what is looked at.
        wait: milliseconds that anything may take.
        options: playwright's own of a new page, such as `viewport`.
    """
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed")
    with one_browser(), api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(**options)
        page.faults = []
        page.set_default_timeout(wait)
        # gradio's own page asks for a script and fonts from the net; nothing else may.
        page.route("**/*", lambda route: _local_only(route, address))
        page.on("console", lambda said: _note(page.faults, said, address))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        try:
            yield page
        finally:
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

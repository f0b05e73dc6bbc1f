"""Links to the pages that jobs write."""

from __future__ import annotations

from pathlib import Path

from lib_t2p.ui.gradio_versions import file_url
from lib_t2p.ui.markup import link


def report_link(page: Path, words: str, elem_id: str) -> str:
    """A link to a written page; empty before it is there."""
    return link(file_url(page), words, elem_id) if page.is_file() else ""

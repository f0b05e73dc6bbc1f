"""`python -m lib_t2p.dataset.inspecting_process CACHE`: looks at photos for the process above it.

What it sees goes into the cache of seen photos, where the other process finds it.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import cv2

from lib_t2p.dataset.inspecting import look_into_cache
from lib_t2p.dataset.seen_photos import SeenPhotos
from lib_t2p.errors import SetupError
from lib_t2p.jobs import Answer, serve_crew
from lib_t2p.vision.faces import load_tools

_LOG = logging.getLogger(__name__)


def main(cache: str) -> int:
    """Serve until the input ends; 1 when the tools cannot be loaded."""
    # The processes share the cores among them.
    cv2.setNumThreads(1)
    try:
        tools = load_tools()
    except SetupError as error:
        _LOG.error("%s", error)
        return 1
    seen = SeenPhotos(Path(cache), tools)

    def look(path: str) -> Answer:
        look_into_cache(Path(path), seen, tools)
        return {"seen": True}

    return serve_crew(tools.mark, look)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

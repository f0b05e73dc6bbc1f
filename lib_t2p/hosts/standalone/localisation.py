"""`python -m lib_t2p.hosts.standalone.localisation [de_DE ...]`: what translations lack."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from lib_t2p.cli_output import Output
from lib_t2p.hosts.standalone.studio_host import StudioHost
from lib_t2p.hosts.standalone.studio_page import studio_page
from lib_t2p.ui import FOLDER, differences, shared_texts, visible_texts
from lib_t2p.workspace import open_workspace


def main(arguments: Sequence[str] | None = None) -> int:
    """Tell of each language, or of those that are named; 1 when one lacks something."""
    output = Output()
    given = sys.argv[1:] if arguments is None else arguments
    with tempfile.TemporaryDirectory() as folder:
        page = studio_page(StudioHost(open_workspace(Path(folder))))
    texts = visible_texts(page) | shared_texts()
    lacking = False
    for language in list(given) or sorted(file.stem for file in FOLDER.glob("*.json")):
        missing, _ = differences(texts, language)
        lacking = lacking or bool(missing)
        output.line(f"{language}: {len(texts) - len(missing)} of {len(texts)} texts")
        for one in missing:
            output.line(f"  lacks {one!r}")
    return int(lacking)


if __name__ == "__main__":
    sys.exit(main())

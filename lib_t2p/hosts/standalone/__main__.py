"""`python -m lib_t2p.hosts.standalone`: start the studio."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence

from lib_t2p.cli import workspace_argument
from lib_t2p.cli_output import Output
from lib_t2p.errors import T2PError
from lib_t2p.hosts.standalone.studio import run_studio

PORT = 7870
"""Beside the WebUI's 7860, so that both can be open."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the studio until Ctrl+C; 1 when it cannot start."""
    parser = argparse.ArgumentParser(
        prog="t2p.py", parents=[workspace_argument()], description="The studio in your browser."
    )
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--no-browser", action="store_true", help="do not open the page")
    args = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING)
    output = Output()
    try:
        run_studio(args.workspace, args.port, not args.no_browser, say=output.line)
    except T2PError as error:
        output.line(str(error))
        return 1
    except KeyboardInterrupt:
        output.line("The studio is closed; jobs go on.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

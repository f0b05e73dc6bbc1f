"""`python -m lib_t2p.cli COMMAND`: every action of the tabs in a shell."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

from lib_t2p.cli.arguments import build_parser
from lib_t2p.cli_output import Output
from lib_t2p.errors import T2PError
from lib_t2p.workspace import open_workspace


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what was asked, 1 for a fault, 130 when interrupted."""
    args = build_parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING)
    output = Output()
    try:
        args.run(args, open_workspace(args.workspace), output)
    except T2PError as error:
        output.line(str(error))
        return 1
    except KeyboardInterrupt:
        output.line("Interrupted; jobs that were submitted go on. See them with `t2p.py jobs`.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())

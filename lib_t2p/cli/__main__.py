"""`python -m lib_t2p.cli COMMAND`: every action of the tabs in a shell."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Sequence

from lib_t2p.cli.parser import parsed
from lib_t2p.cli_output import Output
from lib_t2p.errors import T2PError
from lib_t2p.jobs import wake
from lib_t2p.workspace import Workspace, open_workspace


def main(
    arguments: Sequence[str] | None = None, go_on: Callable[[Workspace], object] | None = None
) -> int:
    """Run one command; 0 when it did what was asked, 1 for a fault, 130 when interrupted.

    Args:
        arguments: those of this process when None.
        go_on: called after the command, to go on with what an earlier crash or reboot left.
    """
    logging.basicConfig(level=logging.WARNING)
    output = Output()
    try:
        args = parsed(arguments)
        workspace = open_workspace(args.workspace)
        args.carry_out(args, workspace, output)
        if go_on:
            go_on(workspace)
    except T2PError as error:
        output.line(str(error))
        return 1
    except KeyboardInterrupt:
        output.line("Interrupted; jobs that were submitted go on. See them with `t2p.py jobs`.")
        return 130
    except BrokenPipeError:
        # Who read our lines, such as `head`, has seen enough; the exit must not complain either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main(go_on=wake))

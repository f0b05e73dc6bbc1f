"""Text to Person. Needs Python 3.10 to 3.12 and nothing else.

    python3 t2p.py             the studio, in your browser
    python3 t2p.py demo        photos to a scored grid, with pictures that come along
    python3 t2p.py test        ruff, mypy and all tests; further arguments go to pytest
    python3 t2p.py COMMAND     any other command; `python3 t2p.py --help` lists them

The first start fills .envs/core, which takes some minutes and gigabytes.
--no-browser opens no browser, --port N and --workspace FOLDER choose where.
"""

import sys

if sys.version_info < (3, 10):
    sys.exit("Text to Person needs Python 3.10 to 3.12: run t2p.py with one of them.")

import time

from lib_t2p.cli_output import Output
from lib_t2p.environment.building import Builder, Progress
from lib_t2p.environment.checks import run_checks
from lib_t2p.environment.definitions import CORE, ROOT, Paths
from lib_t2p.environment.launching import cli_argv, cli_variables
from lib_t2p.environment.stamps import is_ready
from lib_t2p.errors import SetupError
from lib_t2p.platforms import hand_over


class ShellProgress(Progress):
    """Says each step of an installation in the shell."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._begun = time.monotonic()
        self._live = sys.stdout.isatty()

    def line(self, text: str) -> None:
        """Print one line."""
        self._output.line(text)

    def step(self, stage: str, text: str, number: int) -> None:
        """Show what pip is at, on a line that rewrites itself."""
        if self._live:
            note = f", {text}, {time.monotonic() - self._begun:.0f} s"
            self._output.progress(stage, number, 0, "step", note)


def main(arguments: list[str]) -> int:
    """Make the environment ready and hand over; the exit code of what ran."""
    output = Output()
    if arguments[:1] in (["-h"], ["--help"]) and not is_ready(Paths(ROOT, CORE)):
        output.line((__doc__ or "").strip())
        return 0
    builder = Builder(progress=ShellProgress(output))
    try:
        if arguments[:1] == ["test"]:
            return run_checks(builder, arguments[1:])
        python = builder.ensure(CORE)
    except SetupError as error:
        output.line(str(error))
        return 1
    except KeyboardInterrupt:
        output.line("Interrupted. Run the same command again: it goes on from here.")
        return 130
    return hand_over(cli_argv(python, arguments), cli_variables())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

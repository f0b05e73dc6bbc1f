"""Text to Person. Needs Python 3.10 to 3.12 and nothing else.

    python3 t2p.py             the studio, in your browser
    python3 t2p.py demo        photos to a scored grid, with pictures that come along
    python3 t2p.py env ...     set up, check and repair the trainers of kohya's sd-scripts
    python3 t2p.py test        ruff, mypy and all tests; further arguments go to pytest
    python3 t2p.py test --quick    those that take no browser, training or environment
    python3 t2p.py COMMAND     any other command; `python3 t2p.py --help` lists them

The first start fills .envs/core, which takes some minutes and gigabytes.
--no-browser opens no browser, --port N and --workspace FOLDER choose where.
"""

import sys

if sys.version_info < (3, 10):
    sys.exit("Text to Person needs Python 3.10 to 3.12: run t2p.py with one of them.")

import argparse

from lib_t2p.cli_output import Output
from lib_t2p.environment.builder import Builder
from lib_t2p.environment.checks import run_checks
from lib_t2p.environment.definitions import CORE, ROOT, Paths
from lib_t2p.environment.launching import cli_argv, cli_variables
from lib_t2p.environment.shell import Act, declare
from lib_t2p.environment.shell_progress import ShellProgress
from lib_t2p.environment.stamps import is_ready
from lib_t2p.errors import SetupError
from lib_t2p.platforms import hand_over


def environments(arguments: list[str], output: Output) -> None:
    """`env ...`, which needs no environment; raises `SetupError`."""
    parser = argparse.ArgumentParser(prog="t2p.py env")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, help_text: str, act: Act) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help_text, description=help_text)
        command.set_defaults(act=act)
        return command

    declare(add)
    args = parser.parse_args(arguments)
    args.act(args, output, ShellProgress(output))


def main(arguments: list[str]) -> int:
    """Make the environment ready and hand over; the exit code of what ran."""
    output = Output()
    if arguments[:1] in (["-h"], ["--help"]) and not is_ready(Paths(ROOT, CORE)):
        output.line((__doc__ or "").strip())
        return 0
    builder = Builder(progress=ShellProgress(output))
    try:
        if arguments[:1] == ["env"]:
            environments(arguments[1:], output)
            return 0
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

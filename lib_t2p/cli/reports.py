"""`t2p.py report`: the page of a person, a run or a sweep, from what is there by now."""

from __future__ import annotations

from argparse import Namespace

from lib_t2p.actions import report_on_person, report_on_run, report_on_sweep
from lib_t2p.cli.commanding import Commands
from lib_t2p.cli.watching import follow
from lib_t2p.cli_output import Output
from lib_t2p.workspace import Workspace


def report(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Write the page and say where it lies."""
    if args.run:
        job = report_on_run(workspace, args.person, args.run)
    elif args.sweep:
        job = report_on_sweep(workspace, args.person, args.sweep)
    else:
        job = report_on_person(workspace, args.person)
    written = follow(workspace, job.id, output).result
    output.line(str(written["sentence"]))
    output.line(f"report: {written['page']}")


def add(commands: Commands) -> None:
    """Add this command to the shell."""
    parser = commands.add("report", "one page about a person, a run or a sweep", report)
    parser.add_argument("person")
    about = parser.add_mutually_exclusive_group()
    about.add_argument("--run", default="", help="only of this run")
    about.add_argument("--sweep", default="", help="only of this sweep")

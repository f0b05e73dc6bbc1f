"""`t2p.py vote`: what the blind votes on a grid say; voting itself is in the tab."""

from __future__ import annotations

from argparse import Namespace

from lib_t2p.actions import known_person
from lib_t2p.actions.grids import booth
from lib_t2p.cli.commanding import Commands
from lib_t2p.cli_output import Output
from lib_t2p.errors import InputError
from lib_t2p.workspace import Workspace


def votes(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Print the result, and how much is left to be asked."""
    folder = known_person(workspace, args.person)
    grid = folder.grid(args.grid)
    if not grid.requests.exists():
        raise InputError(
            f"There is no grid {args.grid!r} of {folder.slug}: see its name in the tab."
        )
    state = booth(folder, grid)
    output.line(state.beside.text if state.beside else f"There are no votes on {grid.id} yet.")
    for standing in state.beside.result.standings if state.beside and args.list else ():
        share, name = standing.preference, standing.candidate
        output.line(
            f"  {name.model} at weight {name.weight:g}: preferred in {share.share:.0%} "
            f"({share.low:.0%} to {share.high:.0%})"
        )
    output.line(
        f"{state.done} pairs are answered, {state.left} are left; vote in the Generate tab."
    )


def add(commands: Commands) -> None:
    """Add this command to the shell."""
    parser = commands.add("vote", "what the blind votes on a grid say", votes)
    parser.add_argument("person")
    parser.add_argument("grid")
    parser.add_argument("--list", action="store_true", help="every candidate by its stem")

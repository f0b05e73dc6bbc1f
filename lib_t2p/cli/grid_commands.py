"""`t2p.py grid`, `confirm` and `vote`; voting itself is in the tab."""

from __future__ import annotations

from argparse import Namespace

from lib_t2p.actions import known_person
from lib_t2p.actions.grids import add_to_grid, booth, confirm_grid, continue_grid, submit_grid
from lib_t2p.cli.grid_arguments import add_grid_arguments, added_from, grid_plan_from
from lib_t2p.cli.job_progress import follow_all
from lib_t2p.cli.parser import Commands
from lib_t2p.cli_output import Output
from lib_t2p.errors import InputError
from lib_t2p.jobs import Job
from lib_t2p.plurals import counted, plural
from lib_t2p.workspace import Workspace


def confirm(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Score the winner of a grid again on fresh seeds."""
    _tell(
        follow_all(workspace, confirm_grid(workspace, args.person, args.name), output)[-1], output
    )


def grid(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Draw, score and judge a grid."""
    _tell(follow_all(workspace, _grid_jobs(args, workspace), output)[-1], output)


def _tell(report: Job, output: Output) -> None:
    output.line(str(report.result["verdict"]))
    output.line(f"  report: {report.result['report']}")


def _grid_jobs(args: Namespace, workspace: Workspace) -> list[Job]:
    if args.add:
        added = added_from(args, workspace)
        return add_to_grid(workspace, args.person, args.name, *added)[1]
    if args.go_on:
        return continue_grid(workspace, args.person, args.name)
    plan = grid_plan_from(args, workspace)
    return submit_grid(workspace, args.person, args.name, plan)


def add(commands: Commands) -> None:
    """Add these commands to the shell."""
    add_grid_arguments(commands.add("grid", "draw and score a grid of saved models", grid))
    parser = commands.add("confirm", "score the winner of a grid again on fresh seeds", confirm)
    parser.add_argument("person")
    parser.add_argument("name", help="of the grid")
    _add_vote(commands)


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
        f"{counted(state.done, 'pair is')} answered, {state.left} "
        f"{plural('is', state.left)} left; vote in the Generate tab."
    )


def _add_vote(commands: Commands) -> None:
    parser = commands.add("vote", "what the blind votes on a grid say", votes)
    parser.add_argument("person")
    parser.add_argument("grid")
    parser.add_argument("--list", action="store_true", help="every candidate by its stem")

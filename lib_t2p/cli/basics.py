"""Runs and grids: the commands of the main job."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from lib_t2p.actions.grids import add_to_grid, confirm_grid, continue_grid, submit_grid
from lib_t2p.actions.runs import submit_run
from lib_t2p.cli.commanding import Commands
from lib_t2p.cli.grids import add_grid_arguments, added_from, grid_plan_from
from lib_t2p.cli.values import pairs
from lib_t2p.cli.watching import follow, follow_all
from lib_t2p.cli_output import Output
from lib_t2p.jobs import Job
from lib_t2p.runs.trainers import TRAINERS
from lib_t2p.typed_paths import typed_path
from lib_t2p.workspace import Workspace


def train(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Train a LoRA."""
    _, job = submit_run(
        workspace,
        args.person,
        args.name,
        recipe=args.recipe,
        overrides=pairs(args.set),
        checkpoint=args.checkpoint,
        dataset=args.dataset,
        trainer=args.trainer,
        trusted=args.trust_code,
        cpu_threads=args.cpu_threads,
    )
    for path in follow(workspace, job.id, output).result["models"]:
        output.line(f"  saved {path}")


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
    _train(commands.add("train", "train a LoRA", train))
    add_grid_arguments(commands.add("grid", "draw and score a grid of saved models", grid))
    parser = commands.add("confirm", "score the winner of a grid again on fresh seeds", confirm)
    parser.add_argument("person")
    parser.add_argument("name", help="of the grid")


def _train(parser: ArgumentParser) -> None:
    parser.add_argument("person")
    parser.add_argument("--name", required=True, help="of the run")
    parser.add_argument(
        "--checkpoint", required=True, type=typed_path, help="file or diffusers folder"
    )
    parser.add_argument("--recipe", default="guide-final")
    parser.add_argument("--dataset", type=int, help="version; the newest when left out")
    parser.add_argument("--trainer", default="builtin", choices=sorted(TRAINERS))
    parser.add_argument("--cpu-threads", type=int, default=0, metavar="N", help="of each process")
    parser.add_argument(
        "--trust-code",
        action="store_true",
        help="let settings name optimizers and modules outside the list; they run as programs",
    )
    parser.add_argument("--set", action="append", default=[], metavar="OPTION=VALUE")

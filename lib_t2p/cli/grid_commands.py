"""`t2p.py grid`, `confirm`, `vote` and `compare`; voting itself is in the tab.

`compare` takes any LoRA files and a folder of photos: the same grid and verdict.
"""

from __future__ import annotations

from argparse import Namespace

from lib_t2p.actions import known_person
from lib_t2p.actions.grids import (
    WEIGHTS,
    OwnLoras,
    add_to_grid,
    booth,
    compare_loras,
    confirm_grid,
    continue_grid,
    submit_grid,
)
from lib_t2p.cli.grid_arguments import add_grid_arguments, added_from, grid_plan_from
from lib_t2p.cli.job_progress import follow_all
from lib_t2p.cli.parser import Commands
from lib_t2p.cli.picture_arguments import add_picture_arguments, picture_from
from lib_t2p.cli.values import numbers, pairs
from lib_t2p.cli_output import Output
from lib_t2p.dataset import DatasetOptions
from lib_t2p.errors import InputError
from lib_t2p.jobs import Job
from lib_t2p.painting import ComparedPictures
from lib_t2p.plurals import counted, plural
from lib_t2p.typed_paths import typed_path
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
    _add_compare(commands)


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


def compare(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Import the photos, if any are named, then draw, score and judge the LoRAs."""
    report = follow_all(workspace, compare_loras(workspace, args.person, _wanted(args)), output)[-1]
    output.line(str(report.result["verdict"]))
    output.line(f"  report: {report.result['report']}")


def _wanted(args: Namespace) -> OwnLoras:
    plain = ComparedPictures()
    look = ComparedPictures(
        prompts=tuple(args.prompt or plain.prompts),
        seeds=numbers(args.seeds, int, "--seeds") if args.seeds else plain.seeds,
        **picture_from(args),
    )
    return OwnLoras(
        files=args.lora,
        checkpoint=args.checkpoint,
        name=args.name,
        photos=args.photos,
        options=DatasetOptions.from_mapping(pairs(args.dataset_set)),
        dataset=args.dataset,
        trigger=args.trigger,
        weights=numbers(args.weights, float, "--weights"),
        look=look,
    )


def _add_compare(commands: Commands) -> None:
    parser = commands.add("compare", "judge LoRA files that were made elsewhere", compare)
    weights = ",".join(f"{weight:g}" for weight in WEIGHTS)
    parser.add_argument("person")
    parser.add_argument("--name", default="own LoRAs", help="of the grid")
    parser.add_argument("--lora", type=typed_path, nargs="+", required=True, help="files")
    parser.add_argument(
        "--checkpoint", type=typed_path, required=True, help="file or diffusers folder"
    )
    parser.add_argument("--photos", type=typed_path, nargs="+", default=[], help="of the person")
    parser.add_argument("--dataset", type=int, help="version, instead of photos")
    parser.add_argument("--dataset-set", action="append", default=[], metavar="OPTION=VALUE")
    parser.add_argument("--trigger", default="", help="of the LoRAs; the person's when left out")
    parser.add_argument("--weights", default=weights, help=f"LoRA weights; {weights}")
    parser.add_argument("--prompt", action="append", help="with {trigger} and {class_word}")
    parser.add_argument("--seeds", default="", help="such as 11,12,13")
    add_picture_arguments(parser)

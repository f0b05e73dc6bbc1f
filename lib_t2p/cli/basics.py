"""People, runs, grids and jobs: the commands of the main job."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import datetime
from pathlib import Path

from lib_t2p.actions.confirming import confirm_grid
from lib_t2p.actions.grids import add_to_grid, continue_grid
from lib_t2p.actions.people import list_people, new_person
from lib_t2p.actions.queue import outlook_of_stop, stop_job
from lib_t2p.actions.runs import submit_run
from lib_t2p.actions.submit import submit_grid
from lib_t2p.cli.commanding import Commands
from lib_t2p.cli.grids import add_grid_arguments, added_from, grid_plan_from
from lib_t2p.cli.values import pairs
from lib_t2p.cli.watching import follow, follow_all
from lib_t2p.cli_output import Output
from lib_t2p.jobs.job import Job
from lib_t2p.jobs.queue import Queue
from lib_t2p.training.trainers.registry import TRAINERS
from lib_t2p.workspace import Workspace


def people(_: Namespace, workspace: Workspace, output: Output) -> None:
    """List people with what they have."""
    found = list_people(workspace)
    if not found:
        output.line(
            "Nobody yet: make a person with `t2p.py person NAME --trigger ... --consent ...`."
        )
        return
    rows = [
        [
            p.name,
            p.trigger,
            p.class_word,
            *(str(len(x)) for x in (f.datasets(), f.runs(), f.grids())),
        ]
        for f, p in found
    ]
    output.table(["person", "trigger", "class", "datasets", "runs", "grids"], rows)


def person(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Make a person."""
    folder = new_person(
        workspace,
        name=args.name,
        trigger=args.trigger,
        class_word=args.class_word,
        consent=args.consent,
        now=datetime.now().astimezone(),
    )
    output.line(f"{args.name} lies in {folder.root}")


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
    plan = grid_plan_from(args, workspace)
    jobs = submit_grid(workspace, args.person, args.name, plan)
    _tell(follow_all(workspace, jobs, output)[-1], output)


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


def jobs(_: Namespace, workspace: Workspace, output: Output) -> None:
    """List jobs, oldest first."""
    rows = [[j.id, j.kind, j.person, j.state.value, j.reason] for j in Queue(workspace).jobs()]
    if not rows:
        output.line("No jobs yet.")
        return
    output.table(["job", "kind", "person", "state", "reason"], rows)


def stop(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Stop a job."""
    # What a stop costs can only be told before it comes into effect.
    outlook = outlook_of_stop(workspace, args.job)
    job = stop_job(workspace, args.job, "after_save" if args.after_save else "now")
    later = " after its next save" if job.stop == "after_save" else ""
    output.line(f"{job.id} is {job.state.value}{later}")
    if outlook:
        output.line(outlook.after_save if later else outlook.now)


def add(commands: Commands) -> None:
    """Add these commands to the shell."""
    commands.add("people", "list people, datasets, runs and grids", people)
    _person(commands.add("person", "make a person", person))
    _train(commands.add("train", "train a LoRA", train))
    add_grid_arguments(commands.add("grid", "draw and score a grid of saved models", grid))
    parser = commands.add("confirm", "score the winner of a grid again on fresh seeds", confirm)
    parser.add_argument("person")
    parser.add_argument("name", help="of the grid")
    commands.add("jobs", "list jobs", jobs)
    _stop(commands.add("stop", "stop a job; what it saved is kept", stop))


def _person(parser: ArgumentParser) -> None:
    parser.add_argument("name")
    parser.add_argument("--trigger", required=True, help="token that stands for the person")
    parser.add_argument("--class", dest="class_word", default="person", metavar="WORD")
    parser.add_argument(
        "--consent", required=True, metavar="NOTE", help="whose likeness, who agreed"
    )


def _stop(parser: ArgumentParser) -> None:
    parser.add_argument("job")
    parser.add_argument(
        "--after-save", action="store_true", help="let a training save its next model first"
    )


def _train(parser: ArgumentParser) -> None:
    parser.add_argument("person")
    parser.add_argument("--name", required=True, help="of the run")
    parser.add_argument("--checkpoint", required=True, type=Path, help="file or diffusers folder")
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

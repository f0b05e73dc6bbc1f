"""People and jobs: the light commands, which load little."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import datetime

from lib_t2p.actions.people import list_people, new_person
from lib_t2p.cli.commanding import Commands
from lib_t2p.cli_output import Output
from lib_t2p.jobs.queue import Queue
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


def jobs(_: Namespace, workspace: Workspace, output: Output) -> None:
    """List jobs, oldest first."""
    rows = [[j.id, j.kind, j.person, j.state.value, j.reason] for j in Queue(workspace).jobs()]
    if not rows:
        output.line("No jobs yet.")
        return
    output.table(["job", "kind", "person", "state", "reason"], rows)


def stop(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Stop a job."""
    from lib_t2p.actions.queue import outlook_of_stop, stop_job

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

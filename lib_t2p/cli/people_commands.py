"""People and jobs: the light commands, which load little."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import datetime

from lib_t2p.actions.photos import list_people, new_person
from lib_t2p.cli.parser import Commands
from lib_t2p.cli_output import Output
from lib_t2p.jobs import ACTIVE, Queue, words_of
from lib_t2p.workspace import Workspace

MOST_LISTED = 100_000


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
        consent_in_files=not args.private_consent,
        now=datetime.now().astimezone(),
    )
    output.line(f"{args.name} lies in {folder.root}")


def jobs(args: Namespace, workspace: Workspace, output: Output) -> None:
    """List the newest jobs, the newest last."""
    queue = Queue(workspace)
    states = ACTIVE if args.active else None
    found = (
        queue.jobs(states=states)
        if args.all
        else queue.newest(args.limit, states=states, before=args.before)[::-1]
    )
    counts = queue.counts()
    if not found:
        output.line("No jobs yet." if not counts else "No such jobs.")
        return
    rows = [[j.id, words_of(j.kind), j.person, j.state.value, j.reason] for j in found]
    output.table(["job", "what", "person", "state", "reason"], rows)
    if len(found) < sum(counts.values()):
        told = ", ".join(f"{number} {state.value}" for state, number in counts.items())
        older = f"older ones with --before {found[0].id}, all with --all"
        output.line(f"{len(found)} of {sum(counts.values())} jobs ({told}); {older}.")


def stop(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Stop a job."""
    from lib_t2p.actions import outlook_of_stop, stop_job

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
    _jobs(commands.add("jobs", "list the newest jobs", jobs))
    _stop(commands.add("stop", "stop a job; what it saved is kept", stop))


def _person(parser: ArgumentParser) -> None:
    parser.add_argument("name")
    parser.add_argument("--trigger", required=True, help="token that stands for the person")
    parser.add_argument("--class", dest="class_word", default="person", metavar="WORD")
    parser.add_argument(
        "--consent",
        required=True,
        metavar="NOTE",
        help="whose likeness, who agreed; it is written into each LoRA too, where everybody who "
        "has the file can read it",
    )
    parser.add_argument(
        "--private-consent", action="store_true", help="keep that note out of the LoRAs"
    )


def _limit(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:7]) <= MOST_LISTED:
        raise ArgumentTypeError(f"{text!r} is no number from 1 to {MOST_LISTED}; or use --all")
    return int(text)


def _jobs(parser: ArgumentParser) -> None:
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--limit", type=_limit, default=50, metavar="N", help="how many; 50")
    shown.add_argument("--all", action="store_true", help="every job there ever was")
    parser.add_argument("--before", default="", metavar="JOB", help="older than this one")
    parser.add_argument("--active", action="store_true", help="only what is not over")


def _stop(parser: ArgumentParser) -> None:
    parser.add_argument("job")
    parser.add_argument(
        "--after-save", action="store_true", help="let a training save its next model first"
    )

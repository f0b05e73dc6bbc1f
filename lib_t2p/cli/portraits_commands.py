"""`t2p.py portraits`: pictures by the hundred, the best kept."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from lib_t2p import portraits
from lib_t2p.actions import known_person
from lib_t2p.actions import portraits as actions
from lib_t2p.cli.job_progress import POLL_SECONDS, follow
from lib_t2p.cli.parser import Commands
from lib_t2p.cli.picture_arguments import add_picture_arguments, picture_from
from lib_t2p.cli_output import Output
from lib_t2p.errors import InputError, T2PError
from lib_t2p.jobs import Queue, ensure_worker
from lib_t2p.painting import CellRequest, HiresFix, StartPicture
from lib_t2p.plurals import counted
from lib_t2p.portraits import Choices, KeepRule, PortraitPlan
from lib_t2p.typed_paths import typed_path
from lib_t2p.workspace import Workspace, all_portraits, own_wildcards, portraits_folder

DEFAULT_PROMPT = "photo of {trigger} {class_word}, __scene/*__, __style/photo__"


def new(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Begin a series and follow it to its end."""
    folder = known_person(workspace, args.person)
    known = folder.datasets()
    dataset = args.dataset if args.dataset is not None else known[-1].number if known else 0
    checkpoint = str(typed_path(args.checkpoint).absolute())
    plan = PortraitPlan(
        folder.slug,
        dataset,
        _request(args, checkpoint),
        args.count,
        args.minutes,
        args.batch,
        _rule(args),
    )
    listed = actions.workspace_choices(workspace)
    choices = Choices((*listed.checkpoints, (Path(checkpoint).name, checkpoint)))
    name = args.name or actions.free_series_name(workspace, args.person)
    actions.submit_portraits(workspace, args.person, name, plan, choices)
    _follow(args.person, name, workspace, output)


def more(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Let a series go on and follow it."""
    actions.paint_more(workspace, args.person, args.name, args.count, args.minutes)
    _follow(args.person, args.name, workspace, output)


def show(args: Namespace, workspace: Workspace, output: Output) -> None:
    """List the series of a person."""
    folder = known_person(workspace, args.person)
    rows = []
    for one in all_portraits(folder):
        status = actions.series_status(workspace, args.person, one)
        state = "at work" if status.active else status.ended
        numbers = (status.painted, status.kept, status.binned)
        rows.append([one.id, *map(str, numbers), state])
    if not rows:
        output.line("No portraits yet: begin with `t2p.py portraits new PERSON --checkpoint FILE`.")
        return
    output.table(["portraits", "painted", "kept", "bin", "state"], rows)
    output.line(f"your own wildcards: {own_wildcards(workspace)}")


def stop(args: Namespace, workspace: Workspace, output: Output) -> None:
    """End a series after the picture at hand."""
    actions.stop_portraits(workspace, args.person, args.name)
    output.line(f"{args.name} ends after the picture at hand; what is painted is sorted.")


def sort(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Sort the pictures of a series by another rule."""
    kept, binned = actions.change_rule(workspace, args.person, args.name, _rule(args))
    output.line(f"{kept} kept, {binned} in the bin")


def empty(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Delete what is in the bin; the number of pictures must be agreed on."""
    series = portraits_folder(known_person(workspace, args.person), args.name)
    found = actions.series_status(workspace, args.person, series).binned
    if args.yes is None:
        raise InputError(
            f"{counted(found, 'picture')} would be deleted: add --yes {found} if you mean it."
        )
    deleted = actions.empty_bin(workspace, args.person, args.name, args.yes)
    output.line(f"{counted(deleted, 'picture')} deleted")


def preview(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Show what the first prompts would be."""
    job = actions.preview_prompts(workspace, args.person, args.prompt, args.seed)
    result = follow(workspace, job.id, output).result
    for prompt in result["prompts"]:
        output.line(f"- {prompt}")
    for name in result["unknown"]:
        output.line(f"there is no wildcard __{name}__")
    for sentence in result.get("told", []):
        output.line(sentence)


def add(commands: Commands) -> None:
    """Add this topic to the shell."""
    topic = commands.topic("portraits", "pictures by the hundred, the best kept")
    _new(_person(topic.add("new", "begin a series", new)))
    going_on = _series(topic.add("more", "paint more of a series", more))
    going_on.add_argument("--count", type=int, default=8, help="further pictures; 0 for no limit")
    going_on.add_argument("--minutes", type=float, default=0.0)
    _person(topic.add("list", "list the series of a person", show))
    _series(topic.add("stop", "end a series after the picture at hand", stop))
    _limits(_series(topic.add("sort", "sort a series by another rule", sort)))
    emptying = _series(topic.add("empty-bin", "delete what is in the bin", empty))
    emptying.add_argument("--yes", type=int, metavar="PICTURES", help="how many you agree to")
    looking = _person(topic.add("preview", "show what prompts become", preview))
    looking.add_argument("--prompt", default=DEFAULT_PROMPT)
    looking.add_argument("--seed", type=int, default=1)


def _request(args: Namespace, checkpoint: str) -> CellRequest:
    tag = ""
    if args.lora:
        stem, _, weight = args.lora.rpartition(":") if ":" in args.lora else (args.lora, "", "0.9")
        tag = f" <lora:{stem}:{weight}>"
    return CellRequest(
        prompt=args.prompt + tag,
        seed=args.seed,
        checkpoint=checkpoint,
        **picture_from(args),
        hires=HiresFix(args.hires, denoising=args.denoising) if args.hires else None,
        start=StartPicture(str(args.start), "", args.denoising) if args.start else None,
    )


def _rule(args: Namespace) -> KeepRule:
    return KeepRule(args.most_distance, args.least_training, not args.several_faces)


def _follow(person: str, name: str, workspace: Workspace, output: Output) -> None:
    """Follow round after round; a series that was stopped is no fault."""
    series, queue = portraits_folder(workspace.person(person), name), Queue(workspace)
    status = actions.series_status(workspace, person, series)
    while status.active:
        ensure_worker(workspace)
        if status.planned:
            output.progress("painting", status.painted, status.planned, "picture", "")
        time.sleep(POLL_SECONDS)
        status = actions.series_status(workspace, person, series)
    failed = [
        j.reason for j in portraits.jobs_of(queue, workspace.person(person), series) if j.reason
    ]
    if failed and not status.ended:
        raise T2PError(failed[-1])
    why = f" ({status.ended})" if status.ended else ""
    output.line(f"{name}: {status.kept} kept, {status.binned} in the bin{why}")
    output.line(f"  {series.kept}")


def _person(parser: ArgumentParser) -> ArgumentParser:
    parser.add_argument("person")
    return parser


def _series(parser: ArgumentParser) -> ArgumentParser:
    _person(parser).add_argument("name")
    return parser


def _new(parser: ArgumentParser) -> None:
    parser.add_argument("--name", default="", help="numbered when left out")
    parser.add_argument("--prompt", default=DEFAULT_PROMPT, help="with variants and __wildcards__")
    parser.add_argument("--checkpoint", required=True, metavar="FILE")
    parser.add_argument("--lora", default="", metavar="NAME[:WEIGHT]")
    parser.add_argument("--count", type=int, default=8, help="0 for no limit")
    parser.add_argument("--minutes", type=float, default=0.0, help="0 for no limit")
    parser.add_argument("--batch", type=int, default=8, help="pictures planned at a time")
    parser.add_argument("--seed", type=int, default=1)
    add_picture_arguments(parser)
    parser.add_argument("--hires", type=float, default=0.0, metavar="SCALE")
    parser.add_argument("--start", type=typed_path, metavar="PICTURE", help="begin with a picture")
    parser.add_argument("--denoising", type=float, default=0.6)
    parser.add_argument("--dataset", type=int, help="compared with; 0 for none, else the newest")
    _limits(parser)


def _limits(parser: ArgumentParser) -> None:
    parser.add_argument("--most-distance", type=float, metavar="D", help="to held-out photos")
    parser.add_argument("--least-training", type=float, metavar="D", help="to training photos")
    parser.add_argument("--several-faces", action="store_true", help="keep these too")

"""`t2p.py overnight`: from photos to a report in one night."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from datetime import datetime

from lib_t2p.actions import known_person, parse_when
from lib_t2p.actions.grids import axes_from
from lib_t2p.actions.sweeps import SweepRequest
from lib_t2p.cli.job_progress import follow_steps
from lib_t2p.cli.parser import Commands
from lib_t2p.cli.picture_arguments import add_picture_arguments, picture_from
from lib_t2p.cli.values import numbers, pairs
from lib_t2p.cli_output import Output
from lib_t2p.errors import InputError
from lib_t2p.jobs import Queue
from lib_t2p.nights import (
    MODELS,
    WEIGHTS,
    NightRequest,
    begin_night,
    continue_night,
    newest_night_step,
    read_night,
    read_state,
    stop_night,
    unfinished_night,
)
from lib_t2p.painting import PROMPTS, SEEDS, ComparedPictures
from lib_t2p.plurals import counted
from lib_t2p.search import SAMPLERS
from lib_t2p.typed_paths import typed_path
from lib_t2p.workspace import NightFolder, PersonFolder, Workspace


def overnight(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Begin a night, go on with one, or stop it; follows it to the report."""
    folder = known_person(workspace, args.person)
    if args.stop or args.go_on:
        place = _named(folder, args.name)
        if args.stop:
            count = stop_night(workspace, args.person, place.id)
            output.line(f"{counted(count, 'job')} stopped; all that was made stays")
            return
        continue_night(workspace, args.person, place.id)
    else:
        place = begin_night(workspace, args.person, _request(args), time.time())
    output.line(f"{place.id} lies in {place.root}")
    if args.no_wait:
        return
    queue = Queue(workspace)
    follow_steps(workspace, lambda: newest_night_step(queue, place, folder), output)
    state = read_state(place)
    for note in state.notes:
        output.line(f"note: {note}")
    output.line()
    output.line(str(state.result.get("sentence", "")))
    if state.result.get("kept"):
        output.line(f"kept: {state.result['kept']} (weight {state.result['weight']:g})")
    output.line(f"report: {place.report}")


def _named(folder: PersonFolder, name: str) -> NightFolder:
    nights = folder.nights()
    if name:
        return folder.night(name)
    if not nights:
        raise InputError(f"{folder.slug} has no night yet.")
    return unfinished_night(folder) or max(nights, key=lambda n: read_night(n).created)


def _request(args: Namespace) -> NightRequest:
    return NightRequest(
        sweep=SweepRequest(
            checkpoint=str(args.checkpoint.absolute()) if args.checkpoint else "",
            ready=args.sweep,
            recipe=args.recipe,
            overrides=pairs(args.set),
            axes=axes_from(args.axis),
            repeats=args.repeats,
            trainer=args.trainer,
        ),
        name=args.name,
        sources=args.photos,
        dataset=args.dataset,
        dataset_options=pairs(args.dataset_set),
        sampler="" if args.search == "none" else args.search,
        trials=args.trials,
        look=_look(args),
        weights=numbers(args.weights, float, "--weights"),
        models=args.models,
        finish_by=_finish_by(args.until),
        notify_url=args.notify,
        notify_desktop=not args.no_desktop,
    )


def _finish_by(text: str) -> float | None:
    return parse_when(text, datetime.now().astimezone()).timestamp() if text else None


def _look(args: Namespace) -> ComparedPictures | None:
    """None where nothing is said, so that the checkpoint decides."""
    said = picture_from(args)
    if not (args.prompt or args.seeds or said):
        return None
    return ComparedPictures(
        prompts=tuple(args.prompt or PROMPTS),
        seeds=numbers(args.seeds, int, "--seeds") if args.seeds else SEEDS,
        **said,
    )


def add(commands: Commands) -> None:
    """Add this command to the shell."""
    parser = commands.add("overnight", "from photos to a report in one night", overnight)
    parser.add_argument("person")
    parser.add_argument("--name", default="", help="of the night")
    parser.add_argument("--continue", dest="go_on", action="store_true", help="go on with a night")
    parser.add_argument("--stop", action="store_true", help="end a night; what is made stays")
    _data(parser)
    _training(parser)
    _pictures(parser)
    parser.add_argument("--until", default="", metavar="07:00", help="when the report is wanted")
    parser.add_argument("--notify", default="", metavar="URL", help="told by a POST at the end")
    parser.add_argument("--no-desktop", action="store_true", help="no message on the desktop")
    parser.add_argument("--no-wait", action="store_true", help="return once the night has begun")


def _data(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--photos", type=typed_path, nargs="+", default=[], help="folders to import"
    )
    parser.add_argument("--dataset", type=int, default=0, help="version; builds a new one without")
    parser.add_argument("--dataset-set", action="append", default=[], metavar="OPTION=VALUE")


def _training(parser: ArgumentParser) -> None:
    parser.add_argument("--checkpoint", type=typed_path, help="file or diffusers folder")
    parser.add_argument("--recipe", default="", help="guide-final when left out")
    parser.add_argument("--sweep", default="", metavar="NAME", help="a ready sweep")
    parser.add_argument("--axis", action="append", default=[], metavar="SETTING=V1,V2")
    parser.add_argument("--set", action="append", default=[], metavar="OPTION=VALUE")
    parser.add_argument("--repeats", type=int, help="train each run so often, with other seeds")
    parser.add_argument("--trainer", default="builtin")
    parser.add_argument(
        "--search",
        choices=("none", *SAMPLERS),
        default="grid",
        help="stop hopeless runs early; none trains all of them to the end",
    )
    parser.add_argument("--trials", type=int, default=0, help="runs that a search begins")


def _pictures(parser: ArgumentParser) -> None:
    weights = ",".join(f"{weight:g}" for weight in WEIGHTS)
    parser.add_argument("--weights", default=weights, help=f"LoRA weights; {weights}")
    parser.add_argument("--models", type=int, default=MODELS, help="saved models that are judged")
    parser.add_argument("--prompt", action="append", help="with {trigger} and {class_word}")
    parser.add_argument("--seeds", default="", help="such as 11,12,13")
    add_picture_arguments(parser, {})

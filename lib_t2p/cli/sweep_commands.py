"""`t2p.py sweep`: comparing settings by training runs that differ in them."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Any

from lib_t2p.actions import sweeps
from lib_t2p.actions.grids import axes_from
from lib_t2p.actions.sweeps import SearchWish, SweepRequest, newest_step
from lib_t2p.cli.job_progress import follow, follow_steps
from lib_t2p.cli.parser import Commands
from lib_t2p.cli.values import pairs
from lib_t2p.cli_output import Output
from lib_t2p.errors import T2PError
from lib_t2p.jobs import Queue, StopWhen
from lib_t2p.plurals import counted
from lib_t2p.search import SAMPLERS
from lib_t2p.sweeps import RunStatus, SweepPlan, list_ready, read_sweep, sweep_status
from lib_t2p.typed_paths import typed_path
from lib_t2p.workspace import SweepFolder, Workspace


def new(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Plan a sweep, and train it unless it is only to be planned."""
    request = SweepRequest(
        checkpoint=str(args.checkpoint.absolute()) if args.checkpoint else "",
        name=args.name,
        ready=args.ready,
        recipe=args.recipe,
        overrides=pairs(args.set),
        axes=axes_from(args.axis),
        mode="one_at_a_time" if args.one_at_a_time else None,
        repeats=args.repeats,
        repeated="base" if args.repeat_base else None,
        dataset=args.dataset,
        photo_repeats=args.photo_repeats,
        trainer=args.trainer,
    )
    print_plan(sweeps.forecast_sweep(workspace, args.person, request), output)
    if args.dry_run:
        return
    search = SearchWish(args.search, args.trials) if args.search else None
    place = sweeps.new_sweep(workspace, args.person, request, search)
    output.line(f"sweep {place.id} lies in {place.root}")
    _wait(args, workspace, place, output)


def ready(_: Namespace, __: Workspace, output: Output) -> None:
    """List the ready sweeps."""
    for sweep in list_ready():
        values = "; ".join(
            f"{axis.short_name} {', '.join(choice.label for choice in axis.choices)}"
            for axis in sweep.axes
        )
        output.line(f"{sweep.name}: {sweep.description}")
        output.line(f"    {values or '; '.join(sweep.needs.values())}")


def list_sweeps(args: Namespace, workspace: Workspace, output: Output) -> None:
    """List a person's sweeps."""
    found = workspace.person(args.person).sweeps()
    if not found:
        output.line(f"No sweeps yet: `t2p.py sweep new {args.person} --axis network_dim=32,64`.")
        return
    rows = []
    for place in found:
        states = [s.state for s in sweep_status(place, read_sweep(place), Queue(workspace))]
        counts = [str(states.count(state)) for state in ("finished", "failed", "refused")]
        rows.append([place.id, str(len(states)), *counts, "yes" if place.page.exists() else "no"])
    output.table(["sweep", "runs", "finished", "failed", "refused", "page"], rows)


def show(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Show where each run of a sweep stands."""
    print_status(sweeps.status_of(workspace, args.person, args.sweep), output)
    page = workspace.person(args.person).sweep(args.sweep).page
    if page.exists():
        output.line(f"page: {page}")


def add_values(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Add values, settings or repeats to a sweep."""
    jobs = sweeps.add_to_sweep(
        workspace, args.person, args.sweep, axes_from(args.axis), args.repeats
    )
    output.line(f"{len(jobs)} new run{'s' if len(jobs) != 1 else ''}")
    _wait(args, workspace, workspace.person(args.person).sweep(args.sweep), output)


def go_on(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Queue what was paused or stopped."""
    jobs = sweeps.continue_sweep(workspace, args.person, args.sweep, failed=args.failed)
    output.line(f"{len(jobs)} run{'s' if len(jobs) != 1 else ''} queued")
    _wait(args, workspace, workspace.person(args.person).sweep(args.sweep), output)


def pause(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Let the run that trains end, and begin no other."""
    count = sweeps.pause_sweep(workspace, args.person, args.sweep)
    output.line(f"{count} waiting runs taken out of the queue; `sweep continue` puts them back")


def stop(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Stop every run of a sweep."""
    when: StopWhen = "after_save" if args.after_save else "now"
    count = sweeps.stop_sweep(workspace, args.person, args.sweep, when=when)
    output.line(f"{counted(count, 'run')} stopped; what they saved is kept")


def page(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Draw the page of what there is so far."""
    job = follow(workspace, sweeps.draw_page(workspace, args.person, args.sweep).id, output)
    output.line(f"page: {job.result['page']}")


def add(commands: Commands) -> None:
    """Add these commands to the shell."""
    topic = commands.topic("sweep", "compare settings by training runs that differ in them")
    _new(topic.add("new", "plan and train a sweep", new))
    topic.add("ready", "list the ready sweeps", ready)
    topic.add("list", "list a person's sweeps", list_sweeps).add_argument("person")
    _named(topic.add("show", "show where each run stands", show))
    more = _named(topic.add("add", "add values; only new runs are trained", add_values))
    _axes(more)
    again = _named(topic.add("continue", "go on with what was paused or stopped", go_on))
    again.add_argument("--failed", action="store_true", help="try failed runs again too")
    for parser in (more, again):
        parser.add_argument("--no-wait", action="store_true", help="return once all is queued")
    _named(topic.add("pause", "end the run that trains, begin no other", pause))
    stopped = _named(topic.add("stop", "stop every run", stop))
    stopped.add_argument("--after-save", action="store_true", help="let the next model be saved")
    _named(topic.add("page", "draw the page of what there is so far", page))


def _named(parser: ArgumentParser) -> ArgumentParser:
    parser.add_argument("person")
    parser.add_argument("sweep")
    return parser


def _axes(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--axis",
        action="append",
        default=[],
        metavar="SETTING=V1,V2",
        help="what differs; `|` parts values that hold a comma, as in betas=0.9,0.99|0.9,0.999; "
        "also optimizer_args.NAME, dataset, checkpoint, photo_repeats, trainer, cpu_threads",
    )
    parser.add_argument("--repeats", type=int, help="train each run so often, with other seeds")


def _new(parser: ArgumentParser) -> None:
    parser.add_argument("person")
    _axes(parser)
    parser.add_argument("--ready", default="", metavar="NAME", help="a ready sweep")
    parser.add_argument("--recipe", default="", help="the base; guide-final when left out")
    parser.add_argument("--checkpoint", type=typed_path, help="file or diffusers folder")
    parser.add_argument("--name", default="", help="of the sweep")
    parser.add_argument("--set", action="append", default=[], metavar="OPTION=VALUE")
    parser.add_argument("--dataset", type=int, help="version; the newest when left out")
    parser.add_argument("--photo-repeats", type=int, help="times a photo is shown per epoch")
    parser.add_argument("--trainer", default="builtin")
    parser.add_argument("--one-at-a-time", action="store_true", help="not every combination")
    parser.add_argument("--repeat-base", action="store_true", help="repeat the base run only")
    parser.add_argument(
        "--search",
        choices=SAMPLERS,
        help="compare the runs by their pictures on the way and train only the best to the end",
    )
    parser.add_argument("--trials", type=int, default=0, help="runs that a search begins")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be trained")
    parser.add_argument("--no-wait", action="store_true", help="return once all is queued")


def _wait(args: Namespace, workspace: Workspace, place: SweepFolder, output: Output) -> None:
    """Follow the runs to the page; a run that fails does not end the others."""
    if args.no_wait:
        return
    if place.search.exists():
        _wait_for_search(workspace, place, output)
        return
    for status in sweeps.status_of(workspace, args.person, place.id):
        if status.job:
            output.line(f"{status.run.name} (run {status.job.params['run']})")
            _follow(workspace, status.job.id, output)
    pages = sweeps.page_jobs(workspace, place)
    result: dict[str, Any] = follow(workspace, pages[-1].id, output).result if pages else {}
    print_status(sweeps.status_of(workspace, args.person, place.id), output)
    output.line(f"page: {result.get('page', place.page)}")


def _wait_for_search(workspace: Workspace, place: SweepFolder, output: Output) -> None:
    queue = Queue(workspace)
    found = follow_steps(workspace, lambda: newest_step(queue, place), output).result
    follow(workspace, sweeps.page_jobs(workspace, place)[-1].id, output)
    print_status(sweeps.status_of(workspace, place.person.slug, place.id), output)
    if found["best"]:
        output.line(f"closest: {found['best']} (distance {found['distance']:.3f})")
    output.line(f"page: {place.page}")


def _follow(workspace: Workspace, job: str, output: Output) -> None:
    try:
        follow(workspace, job, output)
    except T2PError as error:
        output.line(f"  {error}")


def print_plan(plan: SweepPlan, output: Output) -> None:
    """Name the runs, what is refused, and how long all takes."""
    for planned in plan.runs:
        minutes = planned.judgement.minutes
        also = f" (also {', '.join(planned.run.also)})" if planned.run.also else ""
        time = f", about {_time(minutes)}" if minutes is not None else ""
        output.line(f"  {planned.run.name}{also}{time}")
    for run in plan.refused:
        output.line(f"  skipped: {run.name}: {run.refused}")
    for warning in plan.warnings:
        output.line(f"  note: {warning}")
    runs = f"{len(plan.runs)} run{'s' if len(plan.runs) != 1 else ''}"
    if plan.minutes is None:
        output.line(f"{runs}; how long they take is not known on this machine yet")
    else:
        output.line(f"{runs}, about {_time(plan.minutes)} in all. {plan.basis}".rstrip())


def print_status(found: Sequence[RunStatus], output: Output) -> None:
    """One line per run; why it did not finish below it."""
    for status in found:
        run = f" (run {status.folder.id})" if status.folder else ""
        output.line(f"  {status.run.name}: {status.state}{run}")
        if status.reason:
            output.line(f"      {status.reason}")


def _time(minutes: float) -> str:
    if minutes < 1:
        return f"{minutes * 60:.0f} s"
    if minutes < 120:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.1f} h"

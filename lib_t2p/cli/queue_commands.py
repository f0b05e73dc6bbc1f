"""`t2p.py queue` and `retry`: the order of what waits, pauses, times, once more."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import datetime

from lib_t2p import actions
from lib_t2p.actions import clock_text
from lib_t2p.cli.job_progress import follow_all
from lib_t2p.cli.parser import Commands
from lib_t2p.cli_output import Output
from lib_t2p.jobs import Job, Leases, Pause, Place, core_python, words_of
from lib_t2p.jobs.processes import find_devices
from lib_t2p.workspace import Workspace

PLACES: tuple[Place, ...] = ("front", "back", "up", "down")


def show(_: Namespace, workspace: Workspace, output: Output) -> None:
    """Show what is at work and what waits, in its order."""
    now = _now()
    view = actions.view_queue(workspace, now)
    if view.pause:
        output.line(_pause_line(view.pause, now))
    for notice in view.notices:
        output.line(notice)
    if not view.entries:
        output.line("Nothing is at work, nothing waits.")
        return
    rows = [
        [
            entry.job.id,
            words_of(entry.job.kind),
            _subject(entry.job),
            str(entry.place) if entry.place else entry.job.state.value,
            entry.job.device,
            entry.waits_for,
        ]
        for entry in view.entries
    ]
    output.table(["job", "what", "of", "place", "on", "waits for"], rows)
    if view.more:
        output.line(f"and {view.more} more behind them: see `t2p.py jobs --active --all`")


def pause(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Let no further run or grid begin."""
    now = _now()
    output.line(_pause_line(actions.pause_queue(workspace, now, args.until), now))


def resume(_: Namespace, workspace: Workspace, output: Output) -> None:
    """Let runs and grids begin again."""
    actions.resume_queue(workspace)
    output.line("The queue goes on.")


def move(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Give a waiting job another place."""
    place: Place = "before" if args.before else args.to
    jobs = actions.move_job(workspace, args.job, place, args.before or "")
    for number, job in enumerate(jobs, 1):
        output.line(f"{number}. {job.id} {words_of(job.kind)} {_subject(job)}")


def start_at(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Let a waiting job begin not before a time."""
    now = _now()
    text = "" if args.time == "now" else args.time
    job = actions.start_job_at(workspace, args.job, text, now)
    when = "as soon as its turn comes" if job.start_at is None else clock_text(job.start_at, now)
    output.line(f"{job.id} begins {'' if job.start_at is None else 'not before '}{when}")


def devices(_: Namespace, workspace: Workspace, output: Output) -> None:
    """List the devices that runs may use, and who uses them."""
    leases = Leases(workspace)
    rows = []
    for device in find_devices(core_python()):
        holder = leases.holder(device.name)
        memory = f"{device.memory_mb} MB" if device.memory_mb else ""
        rows.append([device.name, device.title, memory, holder.owner if holder else "free"])
    output.table(["device", "name", "memory", "used by"], rows)


def retry(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Do a job once more; a run goes on from its last state."""
    new = actions.retry_job(workspace, args.job)
    for job in new:
        output.line(f"{job.id} {words_of(job.kind)} {_subject(job)}")
    if args.wait:
        follow_all(workspace, new, output)


def add(commands: Commands) -> None:
    """Add these commands to the shell."""
    again = commands.add("retry", "try a job again that failed, was stopped or lost", retry)
    again.add_argument("job")
    again.add_argument("--wait", action="store_true", help="follow it until it is over")
    topic = commands.topic("queue", "order, pauses and times of what waits")
    topic.add("show", "show what is at work and what waits", show)
    held = topic.add("pause", "let no further run or grid begin; what is at work goes on", pause)
    held.add_argument("--until", default="", metavar="TIME", help="22:30, or 2026-11-24 22:30")
    topic.add("resume", "let runs and grids begin again", resume)
    _move(topic.add("move", "give a waiting job another place", move))
    timed = topic.add("at", "let a waiting job begin not before a time", start_at)
    timed.add_argument("job")
    timed.add_argument("time", help="22:30, or 2026-11-24 22:30, or now")
    topic.add("devices", "list the GPUs that runs may use, and who uses them", devices)


def _move(parser: ArgumentParser) -> None:
    parser.add_argument("job")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("to", nargs="?", choices=PLACES)
    where.add_argument("--before", metavar="JOB", help="in front of this one")


def _subject(job: Job) -> str:
    names = (job.person, *(str(job.params.get(key, "")) for key in ("run", "grid", "sweep")))
    return " ".join(name for name in names if name)


def _pause_line(pause: Pause, now: datetime) -> str:
    end = f"until {clock_text(pause.until, now)}" if pause.until else "until `t2p.py queue resume`"
    return f"The queue is held {end}; what is at work goes on."


def _now() -> datetime:
    return datetime.now().astimezone()

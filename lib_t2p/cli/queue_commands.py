"""`t2p.py retry`, `queue`, `worker` and `env`: what waits, and what does the work."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import datetime

from lib_t2p import actions
from lib_t2p.actions import clock_text
from lib_t2p.cli.job_progress import follow_all
from lib_t2p.cli.parser import Commands
from lib_t2p.cli_output import Output
from lib_t2p.environment import Act, ShellProgress, declare
from lib_t2p.jobs import (
    ACTIVE,
    Heartbeats,
    Job,
    Leases,
    Pause,
    Place,
    Queue,
    autostart_of,
    code_version,
    core_python,
    install_autostart,
    uninstall_autostart,
    wake,
    words_of,
)
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
    _add_worker(commands)


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


def start(_: Namespace, workspace: Workspace, output: Output) -> None:
    """Go on with what waits or was left by a crash."""
    output.line("The worker goes on." if wake(workspace) else "There is nothing to do.")


def status(_: Namespace, workspace: Workspace, output: Output) -> None:
    """Tell whether a worker lives, what there is to do, and whether a restart is survived."""
    version = code_version()
    living = Heartbeats(workspace).living("worker")
    for beat in living:
        older = "" if beat.code_version == version else " with older code"
        output.line(f"A worker lives{older} (process {beat.process.pid}).")
    if not living:
        output.line("No worker lives; one starts when there is something to do.")
    output.line(f"Jobs that are not over: {len(Queue(workspace).jobs(states=ACTIVE))}")
    autostart = autostart_of(workspace)
    if not autostart.installed:
        output.line("After a restart, work goes on when the WebUI, the studio or a command opens;")
        output.line("`t2p.py worker install` lets it go on when you log in.")
        return
    output.line(f"After a restart, work goes on when you log in: {autostart.path}")
    if not autostart.current:
        output.line("That file is of another version: `t2p.py worker install` renews it.")


def install(_: Namespace, workspace: Workspace, output: Output) -> None:
    """Go on with what waits at each login."""
    autostart = install_autostart(workspace)
    output.line(f"At each login, work goes on that waits. Written: {autostart.path}")
    if autostart.hint:
        output.line(autostart.hint)
    output.line("Undo it with `t2p.py worker uninstall`, or remove that file.")


def uninstall(_: Namespace, workspace: Workspace, output: Output) -> None:
    """Take back what `install` wrote."""
    removed = uninstall_autostart(workspace)
    for path in removed:
        output.line(f"removed {path}")
    if not removed:
        output.line("Nothing was installed.")


def _add_worker(commands: Commands) -> None:
    topic = commands.topic("worker", "what does the work, also after a restart of the machine")
    topic.add("status", "tell whether a worker lives and whether a restart is survived", status)
    topic.add("start", "go on with what waits or was left by a crash", start)
    topic.add("install", "go on with what waits at each login", install)
    topic.add("uninstall", "take back what `install` wrote", uninstall)
    _add_environment(commands)


def _add_environment(commands: Commands) -> None:
    # `t2p.py` runs them itself, before the core is built.
    topic = commands.topic("env", "set up, check and repair the trainers' environments")

    def add_one(name: str, help_text: str, act: Act) -> ArgumentParser:
        def run(args: Namespace, _: Workspace, output: Output) -> None:
            act(args, output, ShellProgress(output))

        return topic.add(name, help_text, run)

    declare(add_one)

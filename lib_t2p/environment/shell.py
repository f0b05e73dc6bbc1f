"""The commands of `t2p.py env`, which must run before anything is built."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Protocol

from lib_t2p.environment.builder import Builder, SetUpProgress
from lib_t2p.environment.definitions import CORE, ROOT, Paths
from lib_t2p.environment.diagnosing import Doctor
from lib_t2p.environment.extras import INSTALLABLE, add_package
from lib_t2p.environment.mending import mender_for
from lib_t2p.environment.planning import plan
from lib_t2p.environment.readiness import tag_state
from lib_t2p.environment.sd_building import SdBuilder
from lib_t2p.environment.set_up_choices import Wish
from lib_t2p.environment.stamps import is_ready
from lib_t2p.environment.tags import TAGS, tag_named
from lib_t2p.errors import SetupError

NAMES = (CORE.name, *TAGS)


class Says(Protocol):
    """Where a command prints."""

    def line(self, text: str = "") -> None:
        """Print one line."""


Act = Callable[[Namespace, Says, SetUpProgress], None]
"""A command; it raises `SetupError` when it cannot."""


def list_environments(_args: Namespace, says: Says, _progress: SetUpProgress) -> None:
    """List what is set up."""
    for name in NAMES:
        says.line(f"{_title(name):<20} {_state(name)}")


def build(args: Namespace, says: Says, progress: SetUpProgress) -> None:
    """Show the plan, ask once, carry it out."""
    if args.name == CORE.name:
        says.line(f"{Builder(progress=progress).ensure(CORE)} is ready.")
        return
    wish = Wish(args.name, args.python, args.borrow_torch)
    todo = plan(args.name, wish=wish)
    for text in todo.lines:
        says.line(text)
    if not args.yes and todo.megabytes and not _agrees(todo.megabytes):
        raise SetupError("Nothing was done.")
    made = SdBuilder(progress=progress).ensure(wish)
    says.line(f"sd-scripts {made.tag} is ready: {made.folder} with {made.python}")


def check(args: Namespace, says: Says, _progress: SetUpProgress) -> None:
    """Look at one environment, or at all that are there.

    Raises:
        SetupError: something keeps trainings from running.
    """
    names = [args.name] if args.name else [n for n in NAMES if _is_there(n)]
    faults = 0
    for name in names:
        says.line(f"== {_title(name)}")
        for finding in Doctor().check(name):
            says.line(finding.line)
            faults += finding.level == "fault"
    if faults:
        raise SetupError(f"{faults} of the findings above must be put right before a training.")


def add_extra(args: Namespace, says: Says, progress: SetUpProgress) -> None:
    """Install a package that only some settings need."""
    folder = add_package(args.package, args.name, Builder(progress=progress))
    says.line(f"{args.package} is in {folder}.")


def repair(args: Namespace, says: Says, progress: SetUpProgress) -> None:
    """Put one environment right."""
    mender = mender_for(SdBuilder(progress=progress))
    if args.name == CORE.name:
        says.line(f"{mender.repair_core(ROOT)} is ready.")
        return
    made = mender.repair(Wish(args.name, args.python, args.borrow_torch))
    says.line(f"sd-scripts {made.tag} is ready: {made.folder} with {made.python}")


def declare(add: Callable[[str, str, Act], ArgumentParser]) -> None:
    """Describe the commands.

    Args:
        add: makes the parser of one command from its name, help and function.
    """
    add("list", "what is set up", list_environments)
    building = add("build", "fetch sd-scripts and build its environment, plan first", build)
    building.add_argument("name", choices=NAMES, metavar="TAG", help=", ".join(NAMES))
    _choices(building)
    building.add_argument("--yes", action="store_true", help="do not ask")
    checking = add("check", "look at an environment, one finding a line", check)
    checking.add_argument("name", nargs="?", choices=NAMES, metavar="TAG", help="all, if left out")
    adding = add("add", "add a package that only some settings need", add_extra)
    adding.add_argument(
        "package", choices=INSTALLABLE, metavar="PACKAGE", help=", ".join(INSTALLABLE)
    )
    adding.add_argument("name", choices=TAGS, metavar="TAG", help=", ".join(TAGS))
    mending = add("repair", "put an environment right, keeping what is whole", repair)
    mending.add_argument("name", choices=NAMES, metavar="TAG", help=", ".join(NAMES))
    _choices(mending)


def _choices(parser: ArgumentParser) -> None:
    parser.add_argument("--python", default="", metavar="PYTHON", help="makes the environment")
    parser.add_argument(
        "--borrow-torch",
        default="",
        metavar="FROM",
        help="an environment or its Python, or `own` for a torch of its own",
    )


def _agrees(megabytes: int) -> bool:
    try:
        answer = input(f"This takes about {megabytes} MB. Go on? [y/N] ")
    except EOFError:
        return False
    return answer.strip().lower() in ("y", "yes")


def _state(name: str) -> str:
    if name == CORE.name:
        paths = Paths(ROOT, CORE)
        return str(paths.folder) if is_ready(paths) else "not complete: it is built when needed"
    return tag_state(name).text


def _is_there(name: str) -> bool:
    return name == CORE.name or tag_state(name).state != "missing"


def _title(name: str) -> str:
    return name if name == CORE.name else f"sd-scripts {tag_named(name).name}"

"""`t2p.py disk` removes what is not needed any more, `delete-person` everything of a person."""

from __future__ import annotations

import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from lib_t2p.actions import runs
from lib_t2p.actions.photos import WORDS, belongings, delete_person, total
from lib_t2p.actions.runs import megabytes
from lib_t2p.cli.parser import Commands
from lib_t2p.cli_output import Output
from lib_t2p.errors import FaultsError, InputError
from lib_t2p.runs.disk import Removal
from lib_t2p.typed_paths import typed_path
from lib_t2p.workspace import Workspace

KINDS = ("states", "models", "latents", "cache")


def disk(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Show what lies on the disk, or clean up."""
    if args.after_verdict:
        runs.remember_after_verdict(workspace, args.after_verdict == "clean")
        output.line("Remembered for the verdicts to come.")
    if args.action == "clean":
        _clean(args, workspace, output)
    else:
        _show(workspace, output)


def _show(workspace: Workspace, output: Output) -> None:
    uses = runs.show_use(workspace)
    rows = [[use.person, use.run, use.kind, megabytes(use.size)] for use in uses]
    total = megabytes(sum(use.size for use in uses))
    output.table(["person", "run", "kind", "size"], [*rows, ["", "", "all", total]])
    output.line(f"free on this disk: {megabytes(shutil.disk_usage(workspace.root).free)}")
    may_go = sum(removal.size for removal in runs.plan_cleaning(workspace))
    if may_go:
        output.line(f"{megabytes(may_go)} of it may go: `t2p.py disk clean` shows what.")


def _clean(args: Namespace, workspace: Workspace, output: Output) -> None:
    plan = runs.plan_cleaning(workspace, person=args.person, kinds=args.kind)
    if not plan:
        output.line("Nothing may go.")
        return
    rows = [[one.person, one.run, one.kind, one.what, megabytes(one.size)] for one in plan]
    output.table(["person", "run", "kind", "what", "size"], rows)
    total = megabytes(sum(one.size for one in plan))
    if not args.yes and not _agreed(plan, total, output):
        output.line("Nothing was removed.")
        return
    cleaned = runs.clean(workspace, plan)
    for sentence in cleaned.stayed:
        output.line(sentence)
    output.line(f"removed: {megabytes(cleaned.size)}")


def _agreed(plan: Sequence[Removal], total: str, output: Output) -> bool:
    if not sys.stdin.isatty():
        raise InputError(
            f"Nothing was removed, since nobody can be asked here: add --yes to remove {total}."
        )
    output.line(f"Remove these {len(plan)} entries ({total})? This can't be undone. [y/N]")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def add(commands: Commands) -> None:
    """Add this command to the shell."""
    _arguments(commands.add("disk", "show what lies on the disk, or clean up", disk))
    _add_deletion(commands)


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("action", nargs="?", choices=("show", "clean"), default="show")
    parser.add_argument("--yes", action="store_true", help="remove without being asked")
    parser.add_argument("--person", default="", help="only what belongs to one person")
    parser.add_argument(
        "--kind", action="append", default=[], choices=KINDS, help="may be given again"
    )
    parser.add_argument(
        "--after-verdict",
        choices=("clean", "keep"),
        help="from now on remove the models that a verdict passed over, or keep them",
    )


def delete(args: Namespace, workspace: Workspace, output: Output) -> None:
    """List everything of a person, ask, and remove it."""
    found = belongings(workspace, args.person, args.loras)
    doomed = [one for one in found if not one.optional or args.with_loras]
    rows = [[WORDS[one.kind], str(one.path), megabytes(one.size)] for one in doomed]
    output.table(["what", "where", "size"], rows)
    if args.list:
        return
    if not args.yes and not _agreed_to_deletion(args.person, output):
        output.line("Nothing was removed.")
        return
    loras = [one.path for one in doomed if one.optional]
    faults = delete_person(workspace, args.person, loras=loras, lora_root=args.loras)
    if faults:
        raise FaultsError(f"Not all of {args.person} could be removed", faults)
    output.line(f"{args.person} was deleted ({megabytes(total(doomed))}); linked originals stay.")


def _add_deletion(commands: Commands) -> None:
    parser = commands.add("delete-person", "remove everything of a person", delete)
    parser.add_argument("person")
    parser.add_argument("--list", action="store_true", help="only show what would go")
    parser.add_argument("--with-loras", action="store_true", help="their LoRAs as well")
    parser.add_argument("--loras", type=typed_path, metavar="FOLDER", help="the folder of LoRAs")
    parser.add_argument("--yes", action="store_true", help="remove without being asked")


def _agreed_to_deletion(person: str, output: Output) -> bool:
    if not sys.stdin.isatty():
        raise InputError("Nothing was removed, since nobody can be asked here: add --yes.")
    output.line(f"Remove all of this? It can't be undone. Type {person!r} to go on:")
    return sys.stdin.readline().strip() == person

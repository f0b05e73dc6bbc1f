"""`t2p.py delete-person`: everything of a person is listed, then removed."""

from __future__ import annotations

import sys
from argparse import Namespace

from lib_t2p.actions.photos import WORDS, belongings, delete_person, total
from lib_t2p.actions.runs import megabytes
from lib_t2p.cli.commanding import Commands
from lib_t2p.cli_output import Output
from lib_t2p.errors import FaultsError, InputError
from lib_t2p.typed_paths import typed_path
from lib_t2p.workspace import Workspace


def delete(args: Namespace, workspace: Workspace, output: Output) -> None:
    """List everything of a person, ask, and remove it."""
    found = belongings(workspace, args.person, args.loras)
    doomed = [one for one in found if not one.optional or args.with_loras]
    rows = [[WORDS[one.kind], str(one.path), megabytes(one.size)] for one in doomed]
    output.table(["what", "where", "size"], rows)
    if args.list:
        return
    if not args.yes and not _agreed(args.person, output):
        output.line("Nothing was removed.")
        return
    loras = [one.path for one in doomed if one.optional]
    faults = delete_person(workspace, args.person, loras=loras, lora_root=args.loras)
    if faults:
        raise FaultsError(f"Not all of {args.person} could be removed", faults)
    output.line(f"{args.person} was deleted ({megabytes(total(doomed))}); linked originals stay.")


def add(commands: Commands) -> None:
    """Add this command to the shell."""
    parser = commands.add("delete-person", "remove everything of a person", delete)
    parser.add_argument("person")
    parser.add_argument("--list", action="store_true", help="only show what would go")
    parser.add_argument("--with-loras", action="store_true", help="their LoRAs as well")
    parser.add_argument("--loras", type=typed_path, metavar="FOLDER", help="the folder of LoRAs")
    parser.add_argument("--yes", action="store_true", help="remove without being asked")


def _agreed(person: str, output: Output) -> bool:
    if not sys.stdin.isatty():
        raise InputError("Nothing was removed, since nobody can be asked here: add --yes.")
    output.line(f"Remove all of this? It can't be undone. Type {person!r} to go on:")
    return sys.stdin.readline().strip() == person

"""`t2p.py dataset reg`: regularisation images."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from lib_t2p.actions import regularisation as actions
from lib_t2p.cli.commanding import Commands
from lib_t2p.cli.watching import follow
from lib_t2p.cli_output import Output
from lib_t2p.workspace import Workspace


def reg(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Import class photos, and list the sets."""
    if args.photos:
        job = follow(
            workspace, actions.submit_class_photos(workspace, args.person, args.photos).id, output
        )
        output.line(f"{job.result['added']} photos added, {job.result['known']} known already")
        for name, reason in job.result["failed"]:
            output.line(f"  not imported: {name}: {reason}")
    for one in actions.class_sets(workspace, args.person):
        output.line(
            f"{one.name}: {one.pictures} pictures; `dataset build {args.person} "
            f"--set regularisation={one.name}` takes them"
        )


def add(topic: Commands) -> None:
    """Add this command to the topic."""
    parser = topic.add("reg", "regularisation images: import photos of the class", reg)
    parser.add_argument("person")
    parser.add_argument("--photos", nargs="+", type=Path, default=[], metavar="FOLDER_OR_PHOTO")

"""`t2p.py dataset captions`: writing and editing what stands beside the pictures."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import cast

from lib_t2p.actions import photos
from lib_t2p.cli.job_progress import follow
from lib_t2p.cli.parser import Commands
from lib_t2p.cli_output import Output
from lib_t2p.dataset.captions import KINDS, Change, Edit, EditKind
from lib_t2p.errors import InputError
from lib_t2p.typed_paths import typed_path
from lib_t2p.workspace import Workspace


def captions(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Show captions, or change them."""
    if not args.edit and (args.by or args.only or args.preview):
        raise InputError("--by, --only and --preview belong to an edit: add --edit KIND TEXT.")
    if args.undo:
        output.line(f"undone: {photos.undo_captions(workspace, args.person)}")
    if args.template is not None:
        photos.set_template(workspace, args.person, args.template)
    if args.tagger or args.blip or args.webui:
        how, folder = ("tagger", args.tagger) if args.tagger else ("blip", args.blip)
        if args.webui:
            how, folder = "host", Path()
        job = photos.submit_description(workspace, args.person, how, folder, args.threshold)
        follow(workspace, job.id, output)
    for photo, caption in args.caption:
        photos.set_caption(workspace, args.person, photo, caption)
    if args.edit:
        kind, text = args.edit
        edit = Edit(cast(EditKind, kind), text, args.by)
        act = photos.preview_edit if args.preview else photos.edit_captions
        _show_changes(act(workspace, args.person, edit, args.only), output, args.preview)
        return
    lines = photos.captions_of(workspace, args.person)
    if not lines:
        output.line(
            "No photo is in use yet: run `dataset inspect "
            f"{workspace.person(args.person).slug}` first."
        )
    for line in lines:
        count = "?" if line.tokens is None else str(line.tokens)
        over = f" (over {photos.LIMIT}: the trainer cuts it)" if _is_long(line.tokens) else ""
        output.line(f"{line.photo}: {line.filled or '(folder name)'} [{count} tokens{over}]")


def add(topic: Commands) -> None:
    """Add this command to the topic."""
    parser = topic.add("captions", "show, write and edit captions", captions)
    parser.add_argument("person")
    parser.add_argument("--template", metavar="TEXT", help="such as '{token} {class}, {pose}'")
    by = parser.add_mutually_exclusive_group()
    by.add_argument("--tagger", type=typed_path, metavar="FOLDER", help="WD14: model.onnx and tags")
    by.add_argument("--blip", type=typed_path, metavar="FOLDER", help="a saved BLIP model")
    by.add_argument("--webui", action="store_true", help="by the open WebUI's interrogator")
    parser.add_argument("--threshold", type=float, default=0.35, help="of the tagger's tags")
    parser.add_argument(
        "--caption", nargs=2, action="append", default=[], metavar=("PHOTO", "TEXT")
    )
    parser.add_argument("--edit", nargs=2, metavar=("KIND", "TEXT"), help=", ".join(KINDS))
    parser.add_argument("--by", default="", metavar="TEXT", help="what replaces the text")
    parser.add_argument("--only", nargs="+", default=[], metavar="PHOTO")
    parser.add_argument("--preview", action="store_true", help="show what an edit would change")
    parser.add_argument("--undo", action="store_true", help="take the last change back")


def _show_changes(changes: list[Change], output: Output, is_preview: bool) -> None:
    for change in changes:
        output.line(f"{change.photo}: {change.before!r} -> {change.after!r}")
    would = "would change" if is_preview else "changed"
    output.line(f"{len(changes)} caption{'s' if len(changes) != 1 else ''} {would}")


def _is_long(tokens: int | None) -> bool:
    return tokens is not None and tokens > photos.LIMIT

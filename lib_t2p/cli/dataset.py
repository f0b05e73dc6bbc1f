"""`t2p.py dataset`: from photos to a dataset version, its captions and regularisation images."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import cast

from lib_t2p.actions import photos
from lib_t2p.actions.grids import submit_dataset, submit_photos
from lib_t2p.actions.photos import check_class_set
from lib_t2p.class_images import PROMPT, ClassPlan
from lib_t2p.cli import dataset_choosing
from lib_t2p.cli.job_progress import follow, follow_all, say_imported
from lib_t2p.cli.parser import Commands
from lib_t2p.cli.picture_arguments import add_picture_arguments, picture_from
from lib_t2p.cli.values import add_options, pairs
from lib_t2p.cli_output import Output
from lib_t2p.dataset import DatasetOptions
from lib_t2p.dataset.captions import KINDS, Change, Edit, EditKind
from lib_t2p.errors import InputError
from lib_t2p.plurals import counted
from lib_t2p.typed_paths import typed_path
from lib_t2p.workspace import Workspace


def import_photos(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Import photos and name those that could not be."""
    job = follow(workspace, submit_photos(workspace, args.person, args.sources).id, output)
    say_imported(job.result, output)


def build(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Build the next dataset version."""
    changes = pairs(args.set)
    options = DatasetOptions.from_mapping(changes)
    if args.like is not None:
        _, manifest = photos.version_of(workspace, args.person, args.like)
        options = photos.options_of_version(manifest, changes)
    check_class_set(workspace, args.person, options.regularisation)
    result = follow(workspace, submit_dataset(workspace, args.person, options).id, output).result
    output.line(
        f"dataset {result['dataset']}: {result['kept']} kept, {result['held_out']} held out, "
        f"{result['left_out']} left out"
    )
    output.line(f"  {workspace.person(args.person).dataset(int(result['dataset'])).sheet}")


def rebuild(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Draw a version again from its manifest."""
    job = photos.submit_rebuild(workspace, args.person, args.version)
    result = follow(workspace, job.id, output).result
    output.line(f"dataset {result['dataset']} is dataset {args.version} once more")
    output.line(f"  {workspace.person(args.person).dataset(int(result['dataset'])).sheet}")


def diff(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Say what differs between two versions."""
    found = photos.compare_versions(workspace, args.person, args.first, args.second)
    for name, before, after in found.options:
        output.line(f"{name}: {_shown(before)} -> {_shown(after)}")
    rows = [[p.photo, p.before, p.after, ", ".join(p.changed)] for p in found.photos]
    if rows:
        output.table(["photo", "before", "after", "changed"], rows)
    output.line(f"{counted(found.same, 'photo is')} alike in both")


def sheet(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Name the contact sheet, and what the trainer will see of each photo."""
    folder, manifest = photos.version_of(workspace, args.person, args.version)
    rows = [
        [crop.file, f"{crop.size[0]}x{crop.size[1]}", str(crop.repeats), crop.caption or "(folder)"]
        for photo in manifest.of_state("kept")
        for crop in photo.crops
    ]
    output.table(["picture", "size", "repeats", "caption"], rows)
    output.line(str(folder.sheet))


def add(commands: Commands) -> None:
    """Add the topic to the shell."""
    _sources(commands.add("import", "import photos, archives and videos", import_photos))
    topic = commands.topic("dataset", "photos, people, choices, captions and dataset versions")
    _sources(topic.add("import", "import photos, archives and videos", import_photos))
    dataset_choosing.add(topic)
    built = _of_person(topic.add("build", "build the next dataset version", build))
    add_options(built)
    built.add_argument("--like", type=int, metavar="VERSION", help="with the options of a version")
    again = _of_person(topic.add("rebuild", "draw a version again from its manifest", rebuild))
    again.add_argument("version", type=int)
    versions = _of_person(topic.add("diff", "what differs between two versions", diff))
    versions.add_argument("first", type=int, metavar="VERSION")
    versions.add_argument("second", type=int, nargs="?", help="the newest when left out")
    shown = _of_person(topic.add("sheet", "the contact sheet of a version", sheet))
    shown.add_argument("version", type=int, nargs="?", help="the newest when left out")
    _add_captions(topic)
    _add_regularisation(topic)


def _shown(value: object) -> str:
    return "decided for you" if value is None else str(value) or "none"


def _of_person(parser: ArgumentParser) -> ArgumentParser:
    parser.add_argument("person")
    return parser


def _sources(parser: ArgumentParser) -> None:
    _of_person(parser).add_argument(
        "sources", nargs="+", type=typed_path, metavar="FOLDER_OR_PHOTO"
    )


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


def _add_captions(topic: Commands) -> None:
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


def reg(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Import class photos, and list the sets."""
    if args.photos:
        job = follow(
            workspace, photos.submit_class_photos(workspace, args.person, args.photos).id, output
        )
        say_imported(job.result, output)
    if args.checkpoint:
        _paint(args, workspace, output)
    sets = photos.class_sets(workspace, args.person)
    if not sets:
        output.line("No class images yet: import some with --photos, or paint some: --checkpoint.")
        return
    rows = [[one.name, str(one.pictures), one.source or "imported photos"] for one in sets]
    output.table(["set", "pictures", "made of"], rows)
    slug = workspace.person(args.person).slug
    output.line(f"`dataset build {slug} --set regularisation={sets[-1].name}` takes such a set.")


def _paint(args: Namespace, workspace: Workspace, output: Output) -> None:
    count = args.count or photos.wanted_class_pictures(workspace, args.person)
    if not count:
        raise InputError(
            f"How many pictures? Give --count, or run "
            f"`dataset inspect {workspace.person(args.person).slug}` first."
        )
    plan = ClassPlan(
        checkpoint=str(args.checkpoint.absolute()),
        prompt=args.prompt,
        count=count,
        seed=args.seed,
        **picture_from(args),
    )
    jobs = photos.submit_class_images(workspace, args.person, plan)
    painted = follow_all(workspace, jobs, output)[-1].result
    output.line(f"{painted['painted']} painted, {painted['resumed']} were there already")


def _add_regularisation(topic: Commands) -> None:
    parser = topic.add("reg", "regularisation images: import or paint the class", reg)
    parser.add_argument("person")
    parser.add_argument(
        "--photos", nargs="+", type=typed_path, default=[], metavar="FOLDER_OR_PHOTO"
    )
    parser.add_argument("--checkpoint", type=typed_path, help="paint with this base checkpoint")
    parser.add_argument("--prompt", default=PROMPT, help="with {class_word}, wildcards")
    parser.add_argument("--count", type=int, default=0, help="as many as the version needs")
    add_picture_arguments(parser)
    parser.add_argument("--seed", type=int, default=1, help="of the first picture")

"""`t2p.py dataset`: from photos to a dataset version."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from lib_t2p.actions import photos
from lib_t2p.actions.grids import submit_dataset, submit_photos
from lib_t2p.actions.photos import check_class_set
from lib_t2p.cli import dataset_captions, dataset_choosing, dataset_reg
from lib_t2p.cli.job_progress import follow, say_imported
from lib_t2p.cli.parser import Commands
from lib_t2p.cli.values import add_options, pairs
from lib_t2p.cli_output import Output
from lib_t2p.dataset import DatasetOptions
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
    dataset_captions.add(topic)
    dataset_reg.add(topic)


def _shown(value: object) -> str:
    return "decided for you" if value is None else str(value) or "none"


def _of_person(parser: ArgumentParser) -> ArgumentParser:
    parser.add_argument("person")
    return parser


def _sources(parser: ArgumentParser) -> None:
    _of_person(parser).add_argument(
        "sources", nargs="+", type=typed_path, metavar="FOLDER_OR_PHOTO"
    )

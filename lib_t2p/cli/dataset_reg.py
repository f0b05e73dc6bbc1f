"""`t2p.py dataset reg`: regularisation images."""

from __future__ import annotations

from argparse import Namespace

from lib_t2p.actions import photos
from lib_t2p.class_images import PROMPT, ClassPlan
from lib_t2p.cli.job_progress import follow, follow_all, say_imported
from lib_t2p.cli.parser import Commands
from lib_t2p.cli.picture_arguments import add_picture_arguments, picture_from
from lib_t2p.cli_output import Output
from lib_t2p.errors import InputError
from lib_t2p.typed_paths import typed_path
from lib_t2p.workspace import Workspace


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


def add(topic: Commands) -> None:
    """Add this command to the topic."""
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

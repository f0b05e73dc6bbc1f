"""`t2p.py compare`: any LoRA files and a folder of photos, the same grid and verdict."""

from __future__ import annotations

from argparse import Namespace

from lib_t2p.actions.grids import WEIGHTS, OwnLoras, compare_loras
from lib_t2p.cli.job_progress import follow_all
from lib_t2p.cli.parser import Commands
from lib_t2p.cli.picture_arguments import add_picture_arguments, picture_from
from lib_t2p.cli.values import numbers, pairs
from lib_t2p.cli_output import Output
from lib_t2p.dataset import DatasetOptions
from lib_t2p.painting import ComparedPictures
from lib_t2p.typed_paths import typed_path
from lib_t2p.workspace import Workspace


def compare(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Import the photos, if any are named, then draw, score and judge the LoRAs."""
    report = follow_all(workspace, compare_loras(workspace, args.person, _wanted(args)), output)[-1]
    output.line(str(report.result["verdict"]))
    output.line(f"  report: {report.result['report']}")


def _wanted(args: Namespace) -> OwnLoras:
    plain = ComparedPictures()
    look = ComparedPictures(
        prompts=tuple(args.prompt or plain.prompts),
        seeds=numbers(args.seeds, int, "--seeds") if args.seeds else plain.seeds,
        **picture_from(args),
    )
    return OwnLoras(
        files=args.lora,
        checkpoint=args.checkpoint,
        name=args.name,
        photos=args.photos,
        options=DatasetOptions.from_mapping(pairs(args.dataset_set)),
        dataset=args.dataset,
        trigger=args.trigger,
        weights=numbers(args.weights, float, "--weights"),
        look=look,
    )


def add(commands: Commands) -> None:
    """Add this command to the shell."""
    parser = commands.add("compare", "judge LoRA files that were made elsewhere", compare)
    weights = ",".join(f"{weight:g}" for weight in WEIGHTS)
    parser.add_argument("person")
    parser.add_argument("--name", default="own LoRAs", help="of the grid")
    parser.add_argument("--lora", type=typed_path, nargs="+", required=True, help="files")
    parser.add_argument(
        "--checkpoint", type=typed_path, required=True, help="file or diffusers folder"
    )
    parser.add_argument("--photos", type=typed_path, nargs="+", default=[], help="of the person")
    parser.add_argument("--dataset", type=int, help="version, instead of photos")
    parser.add_argument("--dataset-set", action="append", default=[], metavar="OPTION=VALUE")
    parser.add_argument("--trigger", default="", help="of the LoRAs; the person's when left out")
    parser.add_argument("--weights", default=weights, help=f"LoRA weights; {weights}")
    parser.add_argument("--prompt", action="append", help="with {trigger} and {class_word}")
    parser.add_argument("--seeds", default="", help="such as 11,12,13")
    add_picture_arguments(parser)

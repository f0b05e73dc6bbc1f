"""`t2p.py compare`: any LoRA files and a folder of photos, the same grid and verdict."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from lib_t2p.actions.comparing import WEIGHTS, OwnLoras, compare_loras
from lib_t2p.actions.submit import submit_dataset, submit_photos
from lib_t2p.cli.commanding import Commands
from lib_t2p.cli.values import numbers, pairs
from lib_t2p.cli.watching import follow, follow_all
from lib_t2p.cli_output import Output
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.painting.look import Look
from lib_t2p.workspace import Workspace


def compare(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Import the photos, if any are named, then draw, score and judge the LoRAs."""
    wanted = _wanted(args)
    dataset = args.dataset
    if args.photos:
        options = DatasetOptions.from_mapping(pairs(args.dataset_set))
        photos = submit_photos(workspace, args.person, args.photos)
        built = submit_dataset(workspace, args.person, options, needs=[photos.id])
        dataset = follow_all(workspace, [photos, built], output)[-1].result["dataset"]
    jobs = compare_loras(workspace, args.person, replace(wanted, dataset=dataset))
    for job in jobs[:-1]:
        follow(workspace, job.id, output)
    report = follow(workspace, jobs[-1].id, output)
    output.line(str(report.result["verdict"]))
    output.line(f"  report: {report.result['report']}")


def _wanted(args: Namespace) -> OwnLoras:
    plain = Look()
    look = Look(
        prompts=tuple(args.prompt or plain.prompts),
        seeds=numbers(args.seeds, int, "--seeds") if args.seeds else plain.seeds,
        steps=args.steps,
        sampler_name=args.sampler,
        cfg_scale=args.cfg,
        width=args.size,
        height=args.size,
    )
    return OwnLoras(
        files=args.lora,
        checkpoint=args.checkpoint,
        name=args.name,
        trigger=args.trigger,
        weights=numbers(args.weights, float, "--weights"),
        look=look,
    )


def add(commands: Commands) -> None:
    """Add this command to the shell."""
    parser = commands.add("compare", "judge LoRA files that were made elsewhere", compare)
    plain = Look()
    weights = ",".join(f"{weight:g}" for weight in WEIGHTS)
    parser.add_argument("person")
    parser.add_argument("--name", default="own LoRAs", help="of the grid")
    parser.add_argument("--lora", type=Path, nargs="+", required=True, help="files")
    parser.add_argument("--checkpoint", type=Path, required=True, help="file or diffusers folder")
    parser.add_argument("--photos", type=Path, nargs="+", default=[], help="of the person")
    parser.add_argument("--dataset", type=int, help="version, instead of photos")
    parser.add_argument("--dataset-set", action="append", default=[], metavar="OPTION=VALUE")
    parser.add_argument("--trigger", default="", help="of the LoRAs; the person's when left out")
    parser.add_argument("--weights", default=weights, help=f"LoRA weights; {weights}")
    parser.add_argument("--prompt", action="append", help="with {trigger} and {class_word}")
    parser.add_argument("--seeds", default="", help="such as 11,12,13")
    parser.add_argument("--size", type=int, default=plain.width, help="pixels of a side")
    parser.add_argument("--steps", type=int, default=plain.steps)
    parser.add_argument("--sampler", default=plain.sampler_name)
    parser.add_argument("--cfg", type=float, default=plain.cfg_scale)

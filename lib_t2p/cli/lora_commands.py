"""`t2p.py lora`: LoRA files and what they say of themselves."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from lib_t2p.actions.runs import clean_trial_models, keep_lora, list_loras, trial_models
from lib_t2p.cli.lora_lines import facts_of, summary_lines
from lib_t2p.cli.parser import Commands
from lib_t2p.cli_output import Output
from lib_t2p.json_io import json_text
from lib_t2p.lora import UNKNOWN, check_lora, summarise, way_out
from lib_t2p.plurals import counted
from lib_t2p.typed_paths import typed_path
from lib_t2p.workspace import Workspace


def show(args: Namespace, _: Workspace, output: Output) -> None:
    """Show what a LoRA file is and how it was trained."""
    lora = summarise(args.file)
    if args.json:
        output.line(json_text(facts_of(lora), ensure_ascii=False, indent=1))
        return
    for line in summary_lines(lora, tags=args.tags, every=args.all):
        output.line(line)


def list_all(args: Namespace, workspace: Workspace, output: Output) -> None:
    """List the LoRAs of a folder."""
    root = args.loras or workspace.loras
    found = list_loras(root)
    if not found:
        output.line(f"No LoRAs in {root}.")
        return
    rows = [
        [x.stem, x.kind, x.family, x.rank, x.epoch, _place(x.on_trial), "yes" if x.has_card else ""]
        for x in found
    ]
    output.table(["LoRA", "kind", "family", "rank", "epoch", "where", "card"], rows)
    for lora in found:
        if lora.fault:
            output.line(f"  {lora.path}: {lora.fault}")


def keep(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Keep a model under test, with card and picture."""
    kept = keep_lora(
        workspace,
        args.lora,
        lora_root=args.loras,
        stem=args.name,
        weight=args.weight,
        preview=args.preview,
    )
    output.line(f"kept as {kept}")
    told = check_lora(kept)
    if told.family == UNKNOWN:
        way = way_out(kept, told)
        output.line(f"  It is made for {told.title}: {way or 'no checkpoint is known to fit it'}.")


def trial_clean(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Remove models under test; the runs keep theirs."""
    if not args.yes:
        models = trial_models(workspace, args.loras)
        for model in models:
            told = "its run has it" if model.origin else "the only copy, stays"
            output.line(f"  {model.path.name}: {told}, frees {model.frees / 1e6:.0f} MB")
        output.line(
            f"{counted(len(models), 'model')} under test; `--yes` removes those that a run "
            "still has."
        )
        return
    removed, staying = clean_trial_models(workspace, args.loras)
    for sentence in staying:
        output.line(f"  {sentence}")
    output.line(f"{counted(len(removed), 'model')} under test removed")


def add(commands: Commands) -> None:
    """Add these commands to the shell."""
    topic = commands.topic("lora", "LoRA files and what they say of themselves")
    shown = topic.add("show", "show what a file is and how it was trained", show)
    shown.add_argument("file", type=typed_path)
    shown.add_argument("--tags", type=int, default=10, metavar="N", help="most frequent tags")
    shown.add_argument("--all", action="store_true", help="all metadata as they stand")
    shown.add_argument("--json", action="store_true", help="one JSON object")
    _folder(topic.add("list", "list the LoRAs of a folder", list_all))
    kept = _folder(topic.add("keep", "keep a model under test, with a card", keep))
    kept.add_argument("lora", help="path or name")
    kept.add_argument("--name", default="", help="new name")
    kept.add_argument("--weight", type=float, default=0.0, help="preferred weight on the card")
    kept.add_argument("--preview", type=typed_path, help="picture of the card")
    cleaned = _folder(topic.add("trial-clean", "remove models under test", trial_clean))
    cleaned.add_argument("--yes", action="store_true", help="really")


def _folder(parser: ArgumentParser) -> ArgumentParser:
    parser.add_argument(
        "--loras",
        type=typed_path,
        metavar="FOLDER",
        help="a WebUI's models/Lora; else the studio's own",
    )
    return parser


def _place(on_trial: bool) -> str:
    return "on trial" if on_trial else "kept"

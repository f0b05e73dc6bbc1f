"""The commands and their arguments."""

from __future__ import annotations

import argparse
from pathlib import Path


def default_workspace() -> Path:
    """`workspace/` beside the extension."""
    return Path(__file__).resolve().parents[2] / "workspace"


def workspace_argument() -> argparse.ArgumentParser:
    """The argument that every command shares."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--workspace", type=Path, default=default_workspace(), metavar="FOLDER")
    return common


def build_parser() -> argparse.ArgumentParser:
    """All commands; each sets `command` and its own arguments."""
    parser = argparse.ArgumentParser(
        prog="t2p.py",
        description="Photos of one person in, the best LoRA and its proof out.",
        epilog="Without a command the studio starts; `demo` runs the main job; `test` the tests.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, parents=[workspace_argument()], help=text)

    command("people", "list people, datasets, runs and grids")
    person = command("person", "make a person")
    person.add_argument("name")
    person.add_argument("--trigger", required=True, help="token that stands for the person")
    person.add_argument("--class", dest="class_word", default="person", metavar="WORD")
    person.add_argument(
        "--consent", required=True, metavar="NOTE", help="whose likeness, who agreed"
    )
    photos = command("import", "import photos")
    photos.add_argument("person")
    photos.add_argument("sources", nargs="+", type=Path, metavar="FOLDER_OR_PHOTO")
    _dataset(command("dataset", "build the next dataset version"))
    _train(command("train", "train a LoRA"))
    _grid(command("grid", "draw and score a grid of saved models"))
    command("jobs", "list jobs")
    stop = command("stop", "stop a job; what it saved is kept")
    stop.add_argument("job")
    return parser


def _dataset(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("person")
    parser.add_argument("--set", action="append", default=[], metavar="OPTION=VALUE")


def _train(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("person")
    parser.add_argument("--name", required=True, help="of the run")
    parser.add_argument("--checkpoint", required=True, type=Path, help="file or diffusers folder")
    parser.add_argument("--recipe", default="guide-final")
    parser.add_argument("--dataset", type=int, help="version; the newest when left out")
    parser.add_argument("--set", action="append", default=[], metavar="OPTION=VALUE")


def _grid(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("person")
    parser.add_argument("--name", required=True, help="of the grid")
    parser.add_argument(
        "--run", required=True, action="append", help="its saved models are compared"
    )
    parser.add_argument("--weights", default="0.6,0.8,1.0", help="LoRA weights, by comma")
    parser.add_argument("--prompt", action="append", help="with {trigger}; may be given again")
    parser.add_argument("--seeds", default="1,2,3,4", help="by comma")
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("--cfg", type=float, default=7.0)
    parser.add_argument("--sampler", default="DPM++ 2M Karras")
    parser.add_argument("--size", type=int, default=512)

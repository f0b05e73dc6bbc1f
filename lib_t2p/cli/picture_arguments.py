"""The shell's options for what a picture is painted with, from the one table of its fields."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from typing import Any

from lib_t2p.painting import ComparedPictures, PictureSettings, fields_of, picture_values

USUAL: Mapping[str, Any] = picture_values(ComparedPictures())
"""Defaults of most commands."""
_KINDS: dict[str, Callable[[str], Any]] = {"int": int, "float": float, "str": str}


def add_picture_arguments(parser: ArgumentParser, defaults: Mapping[str, Any] = USUAL) -> None:
    """Declare an option for each field of a picture that has a flag, and one for its size.

    Args:
        parser: of the command.
        defaults: by field; one that is left out stays unsaid when nothing is given.
    """
    for name, row in fields_of(PictureSettings).items():
        if row.flag:
            parser.add_argument(
                f"--{row.flag}",
                dest=name,
                type=_KINDS[row.kind],
                default=defaults.get(name),
                metavar=row.flag.upper().replace("-", "_"),
                help=row.help or row.label.lower(),
            )
    size = (defaults["width"], defaults["height"]) if "width" in defaults else None
    side = fields_of(PictureSettings)["width"].help
    parser.add_argument(
        "--size", type=_size, default=size, metavar="WIDTH[xHEIGHT]", help=f"each side {side}"
    )


def picture_from(args: Namespace) -> dict[str, Any]:
    """The fields that are said, by name."""
    said = {name: getattr(args, name, None) for name in fields_of(PictureSettings)}
    if args.size:
        said["width"], said["height"] = args.size
    return {name: value for name, value in said.items() if value is not None}


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    return int(width), int(height or width)

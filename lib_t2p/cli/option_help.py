"""The options of a dataset as `--help` shows them: names, ranges and what they are for."""

from __future__ import annotations

import argparse
import inspect
import re
import textwrap
from dataclasses import Field, fields

from lib_t2p.dataset import DatasetOptions

WIDTH = 96


def add_options(parser: argparse.ArgumentParser) -> None:
    """Give a command `--set`, and name all options below its help."""
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="OPTION=VALUE",
        help="change an option, see below; may be given many times",
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = option_help()


def option_help() -> str:
    """A line with range and default for each option, then what its docstring says."""
    told = _told()
    parts = ["options of a dataset (--set OPTION=VALUE):"]
    for option in fields(DatasetOptions):
        parts.append(f"  {option.name}={_range(option)} ({_default(option)})")
        if text := told.get(option.name, ""):
            parts.append(textwrap.indent(textwrap.fill(text, WIDTH - 6), " " * 6))
    return "\n".join(parts)


def _range(option: Field[object]) -> str:
    if choices := option.metadata.get("choices"):
        return "|".join(choices)
    limits = option.metadata.get("limits")
    if limits is None:
        return "TEXT"
    unit = f" {limits.unit}" if limits.unit else ""
    step = f", a multiple of {limits.step}" if limits.step else ""
    return f"{limits.low:g} to {limits.high:g}{unit}{step}"


def _default(option: Field[object]) -> str:
    if option.default is None:
        return "decided for you when not given"
    return f"{option.default} when not given" if option.default != "" else "none when not given"


def _told() -> dict[str, str]:
    """What the docstring says of each attribute: `a, b: text` tells of both."""
    text = (inspect.getdoc(DatasetOptions) or "").partition("Attributes:")[2]
    entries = re.split(r"\n    (?=\S)", text)
    found: dict[str, str] = {}
    for entry in entries:
        names, _, told = entry.partition(": ")
        words = " ".join(told.replace("`", "").replace("None takes", "not given, it takes").split())
        found |= dict.fromkeys((name.strip() for name in names.split(",")), words)
    return found

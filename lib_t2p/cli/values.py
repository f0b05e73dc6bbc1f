"""Reading typed lists and `OPTION=VALUE` pairs; the options of a dataset as `--help` shows them."""

from __future__ import annotations

import argparse
import inspect
import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import Field, fields
from typing import Any, TypeVar

from lib_t2p.dataset import DatasetOptions
from lib_t2p.errors import FaultsError, InputError
from lib_t2p.toml_io import parse_toml

T = TypeVar("T")


def pairs(texts: Sequence[str]) -> dict[str, Any]:
    """Read `OPTION=VALUE`; a value is TOML where that parses, else plain text.

    Raises:
        FaultsError: every text that has no `=` or no option.
    """
    found: dict[str, Any] = {}
    faults = []
    for text in texts:
        name, mark, value = text.partition("=")
        if not mark or not name.strip():
            faults.append(f"{text!r} is not OPTION=VALUE")
            continue
        found[name.strip()] = _value(value.strip())
    if faults:
        raise FaultsError("--set", faults)
    return found


def numbers(text: str, kind: Callable[[str], T], what: str) -> tuple[T, ...]:
    """Read a list separated by commas.

    Raises:
        FaultsError: every part that is no number.
    """
    good: list[T] = []
    faults = []
    for part in text.split(","):
        try:
            good.append(kind(part.strip()))
        except ValueError:
            faults.append(f"{part.strip()!r} is no number")
    if faults:
        raise FaultsError(what, faults)
    return tuple(good)


def _value(text: str) -> Any:
    try:
        return parse_toml(f"value = {text}", "--set")["value"]
    except InputError:
        return text


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

"""`t2p.py config`: settings files of kohya's world and ours, shown, compared and converted."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from typing import Any

from lib_t2p.cli.parser import Commands
from lib_t2p.cli.values import pairs
from lib_t2p.cli_output import Output
from lib_t2p.errors import InputError, SettingsError
from lib_t2p.settings import options
from lib_t2p.settings.kohya import (
    SettingsDifference,
    TrainingConfig,
    differences,
    different_values,
    kind_of,
    not_carried,
    output_kind,
    read_config,
    read_gui,
    write_config,
)
from lib_t2p.settings.options import FAMILIES, all_options
from lib_t2p.typed_paths import typed_path
from lib_t2p.workspace import Workspace

KINDS = {
    "gui": "GUI JSON of kohya_ss",
    "sd-scripts": "TOML of sd-scripts",
    "recipe": "recipe or run of Text to Person",
    "lora": "metadata of a LoRA",
}

LONG = 90
"""Characters from which two values stand on lines of their own."""


def show(args: Namespace, _: Workspace, output: Output) -> None:
    """Show what a file says, by sd-scripts' option names."""
    config = read_config(args.file)
    family = f", {config.family}" if config.family else ""
    output.line(f"{args.file}: {KINDS[config.kind]}{family}")
    for group, values in _grouped(config).items():
        output.line(f"{group}:")
        for name, value in values.items():
            output.line(f"  {name} = {_shown(value)}")
    for name, value in config.launch.items():
        output.line(f"accelerate: {name} = {_shown(value)}")
    _notes(output, config.notes)
    _faults(output, config)


def diff(args: Namespace, _: Workspace, output: Output) -> None:
    """Show in what two files differ, by option names."""
    found = differences(args.first, args.second)
    if not found:
        output.line("No setting differs.")
        return
    output.line(f"option: {args.first.name} -> {args.second.name}")
    for each in found:
        one, two = _side(each, each.first), _side(each, each.second)
        if len(one) + len(two) > LONG:
            output.line(f"{_plain(each.name)}:\n  {one}\n  -> {two}")
        else:
            output.line(f"{_plain(each.name)}: {one} -> {two}")


def convert(args: Namespace, _: Workspace, output: Output) -> None:
    """Write a file as another kind; GUI JSON to GUI JSON keeps every character."""
    source = kind_of(args.input)
    kind = args.kind or output_kind(args.output, source)
    changes = pairs(args.set)
    if args.output.exists() and not args.force:
        raise InputError(f"{args.output} exists already: choose another name or give --force.")
    if source == "gui" and kind == "gui":
        changed = read_gui(args.input).with_settings(changes)
        changed.write(args.output)
        output.line(f"{args.output} is written: {KINDS[kind]}, all else as it was")
        _notes(output, changed.unheeded(changes))
        return
    config = read_config(args.input).changed(changes)
    config = replace(config, family=args.family or config.family)
    write_config(config, args.output, kind)
    output.line(f"{args.output} is written: {KINDS[kind]}")
    _notes(output, not_carried(config, kind))
    _faults(output, config)


def show_options(args: Namespace, _: Workspace, output: Output) -> None:
    """Print the table of all options."""
    for line in options.markdown().split("\n") if args.markdown else options.lines():
        output.line(line)


def _grouped(config: TrainingConfig) -> dict[str, dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for name, value in different_values(config).items():
        groups.setdefault(all_options()[name].group, {})[name] = value
    return groups


def _shown(value: Any) -> str:
    if value is None or value in ("", ()):
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    text = " ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return _plain(text)


def _plain(text: str) -> str:
    """Text of a file without what would steer a terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _side(difference: SettingsDifference, value: Any) -> str:
    return _shown(value) if value is not None or difference.known else "not there"


def _notes(output: Output, notes: tuple[str, ...]) -> None:
    for note in notes:
        output.line(f"note: {_plain(note)}")


def _faults(output: Output, config: TrainingConfig) -> None:
    try:
        config.settings()
    except SettingsError as error:
        for fault in error.faults:
            output.line(f"fault: {_plain(fault)}")


def add(commands: Commands) -> None:
    """Add these commands to the shell."""
    topic = commands.topic("config", "settings files: kohya_ss's JSON, sd-scripts' TOML, recipes")
    shown = topic.add("show", "show a settings file, or those in a LoRA's metadata", show)
    shown.add_argument("file", type=typed_path, metavar="FILE")
    compared = topic.add("diff", "show in what two files differ", diff)
    compared.add_argument("first", type=typed_path, metavar="A")
    compared.add_argument("second", type=typed_path, metavar="B")
    _convert(topic.add("convert", "write a file as another kind, told by its ending", convert))
    table = topic.add("options", "print the table of all options", show_options)
    table.add_argument("--markdown", action="store_true", help="as the page docs/OPTIONS.md")


def _convert(parser: ArgumentParser) -> None:
    parser.add_argument("input", type=typed_path, metavar="IN")
    parser.add_argument("output", type=typed_path, metavar="OUT")
    parser.add_argument(
        "--kind",
        choices=("gui", "sd-scripts", "recipe"),
        help="of OUT; else .json is gui, and .toml is sd-scripts (recipe when IN is sd-scripts)",
    )
    parser.add_argument("--family", choices=FAMILIES, help="when IN does not tell it")
    parser.add_argument("--set", action="append", default=[], metavar="OPTION=VALUE")
    parser.add_argument("--force", action="store_true", help="replace OUT when it exists")

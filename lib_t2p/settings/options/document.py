"""The table of options as a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from lib_t2p.settings.options.option import BUILTIN, FAMILIES, SD_SCRIPTS, Option
from lib_t2p.settings.options.table import all_options

_INTRO = """\
# Training options

Made by `t2p.py config options --markdown`. Names, types, choices and defaults are those of
kohya-ss/sd-scripts; `from` is the first tag that has an option, `builtin` says that the built-in
trainer knows it too, and `GUI` is its key in a JSON of kohya_ss. Options in bold are shown first.
"""


def markdown() -> str:
    """The whole table as Markdown."""
    lines = [_INTRO]
    for group, options in groupby(all_options().values(), key=lambda o: o.group):
        lines += [f"## {group}", "", *_table(options), ""]
    return "\n".join(lines)


def lines() -> Iterator[str]:
    """The table for a shell, one option a line."""
    for group, options in groupby(all_options().values(), key=lambda o: o.group):
        yield f"{group}:"
        for option in options:
            facts = ", ".join(x for x in (said(option), known_text(option)) if x)
            yield f"  {option.name} = {default_text(option)}  ({facts})"
            yield f"      {option.label}: {option.help}"


def default_text(option: Option) -> str:
    """The default as a person would write it."""
    if option.default is None or option.default in ("", ()):
        return "none"
    return str(option.default).lower() if isinstance(option.default, bool) else str(option.default)


def said(option: Option) -> str:
    """Type, range and unit, or the choices."""
    if option.choices:
        return " | ".join(option.choices)
    kind = option.kind.replace(" | None", "")
    kind = {"bool": "true | false", "tuple[str, ...]": "list of name=value"}.get(kind, kind)
    kind = {"tuple[float, ...]": "list of numbers", "int | float": "number", "str": "text"}.get(
        kind, kind
    )
    kind = {"float": "number", "float | tuple[float, ...]": "number", "int": "whole number"}.get(
        kind, kind
    )
    if option.minimum is not None and option.maximum is not None:
        kind += f" {option.minimum:g} to {option.maximum:g}"
    return f"{kind} {option.unit}".strip()


def known_text(option: Option) -> str:
    """Who knows it: first tag, family when there is only one, built-in trainer."""
    first = next(tag for tag in SD_SCRIPTS if tag in option.trainers)
    words = [f"from {first.removeprefix('sd-scripts-')}"]
    if len(option.families) < len(FAMILIES):
        words.append(f"{', '.join(sorted(option.families))} only")
    if BUILTIN in option.trainers:
        words.append("builtin")
    return ", ".join(words)


def _table(options: Iterable[Option]) -> list[str]:
    rows = ["| option | label | values | default | known | GUI | what it does |", "|" + "---|" * 7]
    for option in options:
        name = f"**{option.name}**" if option.level == "simple" else option.name
        cells = (
            name,
            option.label,
            said(option),
            default_text(option),
            known_text(option),
            option.gui_key,
            option.help,
        )
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return rows

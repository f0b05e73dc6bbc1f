"""The GUI's additional parameters: a piece of a command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lib_t2p.settings.arguments import argument_texts
from lib_t2p.settings.options.option import Option
from lib_t2p.settings.options.table import all_options


@dataclass(frozen=True)
class Additional:
    """What the text says.

    Attributes:
        values: by option name.
        unknown: words that no tag knows, in their order.
        notes: sentences on these.
    """

    values: dict[str, Any]
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def parse_additional(text: str) -> Additional:
    """Read the text as the GUI parts it: at white space only, without double quotes.

    Backslashes stay. Source: `run_cmd_advanced_training` of kohya_ss's `common_gui.py`.
    """
    words = text.replace('"', "").split()
    values: dict[str, Any] = {}
    unknown: list[str] = []
    at = 0
    while at < len(words):
        name, equals, joined = words[at].partition("=")
        option = all_options().get(name.removeprefix("--")) if name.startswith("--") else None
        following = _following(words, at + 1)
        given = [joined] if equals else following
        taken = _taken(option, given, joined=bool(equals)) if option else None
        if option and taken is not None:
            values[option.name], used = taken
            at += 1 + (0 if equals else used)
        else:
            used = 0 if equals else len(following)
            unknown += words[at : at + 1 + used]
            at += 1 + used
    return Additional(values, tuple(unknown), _notes(unknown))


def join_additional(values: dict[str, Any], unknown: tuple[str, ...]) -> str:
    """Write such a text; the reverse of `parse_additional`."""
    words: list[str] = []
    for name, value in values.items():
        if value is True:
            words.append(f"--{name}")
        elif isinstance(value, (list, tuple)):
            words += [f"--{name}", *map(str, value)]
        elif value is not False and value is not None:
            words.append(f"--{name}={value}")
    return " ".join([*words, *unknown])


def is_carried(value: Any) -> bool:
    """Whether such a text can hold a value: none with white space or double quotes in it."""
    texts = map(str, value) if isinstance(value, (list, tuple)) else [str(value)]
    return not any('"' in text or len(text.split()) > 1 for text in texts)


def _taken(option: Option, given: list[str], *, joined: bool) -> tuple[Any, int] | None:
    """The value and how many words it is; None where sd-scripts would refuse them."""
    if option.kind == "bool":
        # `--sdpa=false` is no way to leave it out: the switch takes no value.
        return (True, 0) if not joined or given[0].lower() in ("true", "1") else None
    if not given or not given[0]:
        return None
    if "tuple" in option.kind:
        listed = argument_texts(" ".join(given)) if option.name.endswith("_args") else given
        return (listed, len(given))
    return (given[0], 1)


def _following(words: list[str], at: int) -> list[str]:
    end = at
    while end < len(words) and not words[end].startswith("--"):
        end += 1
    return words[at:end]


def _notes(unknown: list[str]) -> tuple[str, ...]:
    """Sentences on words that are left out, with the reason of each."""
    known: list[str] = []
    strange: list[str] = []
    stray: list[str] = []
    behind = stray
    for word in unknown:
        name, equals, _ = word.partition("=")
        if not word.startswith("--"):
            behind.append(word)
        elif name.removeprefix("--") in all_options():
            known.append(f"{word} {'takes no such value' if equals else 'has no value'}")
            behind = stray
        else:
            strange.append(word)
            behind = strange
    told = [f"no pinned sd-scripts knows {' '.join(strange)}"] if strange else []
    if stray:
        told.append(
            f"{' '.join(stray)} belongs to no option, since the GUI parts this field at each "
            "blank, within quotes too"
        )
    return tuple(f"additional_parameters: {one}; left out" for one in [*known, *told])

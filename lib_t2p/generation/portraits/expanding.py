"""Prompts with variants and wildcards, expanded with the dynamicprompts library.

Its grammar: `{a|b}`, `{3::a|1::b}`, `{2$$a|b|c}`, `__folder/name__`, nested as one likes, and
`# remarks` to the end of a line. Runs in the worker's environment only.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lib_t2p.errors import InputError, SetupError
from lib_t2p.people import Person

_LEFT_OVER = re.compile(r"__([^\s_<>,][^\s<>,]*?)__")
"""A wildcard that names nothing is left as it stands."""


_TAG = re.compile(r"<[^<>]*>")
_UNDERSCORES, _STAND_IN = "__", "\ue000"
"""Two underscores in a file name are no wildcard; what stands in for them is of private use."""
_PLAIN_SIGNS = (
    (re.compile(r"%(?!\{)"), "%", "\ue001"),
    (re.compile(r"(?<!\$)\$(?![{$])"), "$", "\ue002"),
)
"""The library reads `${..}`, `%{..}` and `2$$`, and stumbles over these signs on their own."""


class Expander:
    """Expands prompts of one person.

    Args:
        roots: folders of wildcard files; of files of the same name the first root's is taken.
        person: fills `{trigger}` and `{class_word}`.

    Raises:
        SetupError: the dynamicprompts package is missing.
    """

    def __init__(self, roots: Sequence[Path], person: Person) -> None:
        try:
            from dynamicprompts.wildcards import WildcardManager
        except ImportError as error:
            raise SetupError(
                "The package dynamicprompts is missing: repair the environment with "
                "`t2p.py env build`."
            ) from error
        # The library lets a later root replace an earlier one's file.
        there: list[Any] = [root for root in reversed(roots) if root.is_dir()]
        self._wildcards = WildcardManager(root_map={"": there})
        self._person = person
        self.unknown: dict[str, None] = {}
        """Wildcards without a file that were met so far."""

    def expand(self, template: str, seed: str) -> str:
        """One prompt; the same template, wildcard files and seed give the same one.

        Raises:
            InputError: braces that do not close, or a wildcard that contains itself.
        """
        if not template.strip():
            return ""
        from dynamicprompts.generators import RandomPromptGenerator
        from pyparsing import ParseException

        # Before the grammar sees the braces, which would take them for a variant.
        filled = template.replace("{trigger}", self._person.trigger)
        filled = filled.replace("{class_word}", self._person.class_word)
        filled = _TAG.sub(self._spared, filled)
        for pattern, _, stand_in in _PLAIN_SIGNS:
            filled = pattern.sub(stand_in, filled)
        generator = RandomPromptGenerator(self._wildcards, seed=_number(seed))
        try:
            with _quiet():
                prompt = str(generator.generate(filled, 1)[0])
        except ParseException as error:
            raise InputError(
                # Of a wildcard's line when the fault lies there.
                f"The prompt {error.pstr!r} cannot be read from character {error.loc + 1} on "
                f"({error.pstr[error.loc : error.loc + 20]!r}): close every {{ with a }}, "
                "and every __ with another __."
            ) from error
        except RecursionError as error:
            raise InputError(
                "The prompt has a wildcard that contains itself: change one of the files."
            ) from error
        except (KeyError, IndexError, ValueError) as error:
            raise InputError(
                f"The prompt cannot be expanded ({error}): look at its weights and ranges."
            ) from error
        self.unknown.update(dict.fromkeys(_LEFT_OVER.findall(prompt)))
        for _, sign, stand_in in _PLAIN_SIGNS:
            prompt = prompt.replace(stand_in, sign)
        return prompt.replace(_STAND_IN, _UNDERSCORES)

    def _spared(self, tag: re.Match[str]) -> str:
        """A tag whose underscores belong to the name of a LoRA or checkpoint."""
        named = _LEFT_OVER.findall(tag[0])
        if any(self._wildcards.get_values(name) for name in named):
            return tag[0]
        return tag[0].replace(_UNDERSCORES, _STAND_IN)


def _number(seed: str) -> int:
    # Python's own hash of a text differs from process to process.
    return int.from_bytes(seed.encode("utf-8"), "big")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the library from logging each unknown wildcard; they are named once, by us."""
    logger = logging.getLogger("dynamicprompts")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)

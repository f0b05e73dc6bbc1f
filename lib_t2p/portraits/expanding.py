"""Prompts with variants and wildcards, expanded with the dynamicprompts library.

Its grammar: `{a|b}`, `{3::a|1::b}`, `{2$$a|b|c}`, `__folder/name__`, `${x=a}` and `${x}`, nested as
one likes. It knows remarks too, which a prompt has none of here: see `plain_signs`. Runs in the
worker's environment only.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lib_t2p.errors import InputError, SetupError
from lib_t2p.portraits.plain_signs import UNDERSCORES, protected, restored
from lib_t2p.workspace import OUR_WILDCARDS, Person

_LEFT_OVER = re.compile(r"__([^\s_<>,][^\s<>,]*?)__")
"""A wildcard that names nothing is left as it stands."""

_TAG = re.compile(r"<[^<>]*>")
MOST_NESTED = 20
"""Braces within braces; the library's parser cannot take many more."""


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
            from lib_t2p.portraits.wildcard_files import Wildcards
        except ImportError as error:
            raise SetupError(
                "The package dynamicprompts is missing: repair the environment with "
                "`t2p.py env build`."
            ) from error
        self._fills = {"{trigger}": person.trigger, "{class_word}": person.class_word}
        self._wildcards = Wildcards(roots, self._fills, quiet=[OUR_WILDCARDS])
        self.unknown: dict[str, None] = {}
        """Wildcards without a file that were met so far."""

    @property
    def told(self) -> list[str]:
        """Sentences on wildcard files that were not taken as they stand there so far."""
        return self._wildcards.told()

    def expand(self, template: str, seed: str) -> str:
        """One prompt; the same template, wildcard files and seed give the same one.

        Nothing else that a person typed is lost: `#` is text, and bars within square or round
        brackets stay in their variant.

        Raises:
            InputError: braces that do not close, a wildcard that contains itself, or one whose
                file cannot be read.
        """
        if not template.strip():
            return ""
        check_typed(template)
        spared = _TAG.sub(self._spared, template)
        prompt = self._sampled(protected(spared, self._fills), seed)
        self.unknown.update(dict.fromkeys(map(restored, _LEFT_OVER.findall(prompt))))
        return restored(prompt)

    def _sampled(self, protected_template: str, seed: str) -> str:
        from dynamicprompts.generators import RandomPromptGenerator
        from pyparsing import ParseException

        self._wildcards.begin()
        generator = RandomPromptGenerator(self._wildcards, seed=_number(seed))
        try:
            with _quiet():
                return str(generator.generate(protected_template, 1)[0])
        except ParseException as error:
            text, at = error.pstr, error.loc
            raise InputError(
                # Of a wildcard's line when the fault lies there.
                f"The prompt {restored(text)!r} cannot be read from character "
                f"{len(restored(text[:at])) + 1} on ({restored(text[at:])[:20]!r}): close every {{ "
                "with a }, and every __ with another __, and write $$ behind a number only."
            ) from error
        except RecursionError as error:
            raise InputError(
                "The prompt has a wildcard or a variable that contains itself: change it."
            ) from error
        except _FAULTS as error:
            raise InputError(
                f"The prompt cannot be expanded ({restored(str(error))}): look at its weights, "
                "ranges and variables."
            ) from error

    def _spared(self, tag: re.Match[str]) -> str:
        """A tag whose underscores belong to the name of a LoRA or checkpoint."""
        named = _LEFT_OVER.findall(tag[0])
        if any(self._wildcards.get_values(name) for name in named):
            return tag[0]
        return tag[0].replace("__", UNDERSCORES)


_FAULTS = (KeyError, IndexError, ValueError, TypeError, AttributeError, AssertionError,
           NotImplementedError, OverflowError, RuntimeError)  # fmt: skip
"""What the library raises on texts that it parses and cannot follow."""


def check_typed(text: str) -> None:
    """Refuse what no prompt can hold.

    Raises:
        InputError: half a character, or braces nested too deeply.
    """
    half = next((at for at, sign in enumerate(text) if "\ud800" <= sign <= "\udfff"), None)
    if half is not None:
        raise InputError(
            f"The prompt has half a character at place {half + 1} ({text[half]!a}): type it again."
        )
    depth = most = 0
    for sign in text:
        depth = max(0, depth + (sign == "{") - (sign == "}"))
        most = max(most, depth)
    if most > MOST_NESTED:
        raise InputError(
            f"The prompt has braces within braces {most} deep, more than {MOST_NESTED}: put parts "
            "of it into wildcard files."
        )


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

"""Signs that the dynamicprompts library would read, and that people mean as they stand there.

It takes `#`, `//` and `/*` for remarks, stumbles over `%` and `$` on their own, splits `{[a|b]|c}`
within the brackets, makes tabs blanks, and drops the `@` of `{@_@|smile}` and the braces of
`\\{a\\}`.
Such signs are put away before it and put back behind it: what stands in for them is of private use
(plane 15 of Unicode).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_SIGNS = "#/|$%\t{}@!~"
_STAND_INS = {sign: chr(0xF0000 + n) for n, sign in enumerate(_SIGNS)}
_BACK = {ord(stand_in): sign for sign, stand_in in _STAND_INS.items()}
NOTHING = chr(0xF00F0)
"""Before each text, since the library cannot read one that only sets a variable."""
_BACK[ord(NOTHING)] = ""
UNDERSCORES = chr(0xF00F1)
"""Two underscores that begin no wildcard."""
_BACK[ord(UNDERSCORES)] = "__"

_REMARKS = re.compile(r"#|/(?=[/*])|\t")
_PERCENT = re.compile(r"%(?!\{[^{}|]*\$\$)")
"""All but those of `%{a, ... $$ b}`, which puts one text around another."""
_TAG_OR_ESCAPED = re.compile(r"<\w+:[^<>]*>|\\([{}|])")
_SAMPLER = re.compile(r"(?<=\{)\s*[@!~]")
"""Says in which order variants come, of which there is none between single prompts."""
_DOLLAR = re.compile(r"(?<!\$)\$(?![{$])")
_OPENING, _CLOSING = {"{": "}", "[": "]", "(": ")"}, {"}": "{", "]": "[", ")": "("}


def protected(text: str, fills: Mapping[str, str]) -> str:
    """Put such signs away.

    Args:
        text: a prompt, or a line of a wildcard file.
        fills: what stands for names in braces, such as `{trigger}`; filled in first, since the
            library would take them for variants.
    """
    for name, value in fills.items():
        text = text.replace(name, value)
    return NOTHING + _structure(_SAMPLER.sub(_put_away, _escapes(protected_signs(text))))


def protected_signs(text: str) -> str:
    """Put away what begins a remark."""
    text = _REMARKS.sub(lambda found: _STAND_INS[found[0]], text)
    text = _PERCENT.sub(_STAND_INS["%"], text)
    return _DOLLAR.sub(_STAND_INS["$"], text)


def restored(text: str) -> str:
    """Put them back."""
    return text.translate(_BACK)


def plain_name(wildcard: str) -> str:
    """The name or pattern of a wildcard, whose `/*` begins no remark either way."""
    return wildcard.replace(_STAND_INS["/"], "/")


def _put_away(found: re.Match[str]) -> str:
    return "".join(_STAND_INS.get(sign, sign) for sign in found[0])


def _escapes(text: str) -> str:
    """Put away `\\{`, `\\}` and `\\|`; in a tag a backslash parts folders."""
    return _TAG_OR_ESCAPED.sub(
        lambda found: f"\\{_STAND_INS[found[1]]}" if found[1] else found[0], text
    )


def _structure(text: str) -> str:
    """Put away bars within brackets or tags within braces, and `$$` outside of braces."""
    pairs, named = _pairs(text), _in_tags(text)
    signs = list(text)
    open_: list[str] = []
    for at, sign in enumerate(text):
        if sign in _OPENING and at in pairs:
            open_.append(sign)
        elif sign in _CLOSING and at in pairs:
            open_.pop()
        elif sign == "|" and "{" in open_ and (open_[-1] != "{" or at in named):
            signs[at] = _STAND_INS["|"]
        elif sign == "$" and "{" not in open_ and text[at + 1 : at + 2] != "{":
            signs[at] = _STAND_INS["$"]
    return "".join(signs)


def _in_tags(text: str) -> set[int]:
    """Places within tags such as `<lora:a|b:1>` that have no variants of their own."""
    tags = re.finditer(r"<\w+:[^<>{}]*>", text)
    return {at for tag in tags for at in range(*tag.span())}


def _pairs(text: str) -> set[int]:
    """Places of brackets that are closed, each within the pair around it; `\\(` is text."""
    found: set[int] = set()
    open_: list[tuple[str, int]] = []
    for at, sign in enumerate(text):
        if sign not in _OPENING and sign not in _CLOSING:
            continue
        if sign in "()[]" and at and text[at - 1] == "\\":
            continue
        if sign in _OPENING:
            open_.append((sign, at))
            continue
        wanted = _CLOSING[sign]
        place = next((n for n in range(len(open_) - 1, -1, -1) if open_[n][0] == wanted), None)
        # A round or square bracket does not reach out of the braces around it.
        inner = open_[place + 1 :] if place is not None else []
        if place is None or (sign != "}" and any(o == "{" for o, _ in inner)):
            continue
        found |= {open_[place][1], at}
        del open_[place:]
    return found

"""Setting tags in a prompt, such as `<checkpoint:name>` or `<width:768>`: for one picture each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lib_t2p.painting import CellRequest, number_faults
from lib_t2p.portraits.choices import Choices
from lib_t2p.ranges import whole_number

_TAG = re.compile(r"<\s*(\w+)\s*:([^<>]*)>")
_SIZE = re.compile(r"(\d{1,6})\s*[xX×]\s*(\d{1,6})")
_ALIASES = {"sampler": "sampler_name", "cfg": "cfg_scale", "model": "checkpoint"}
_LEFT = {"lora", "lyco", "hypernet"}
"""Networks, which the painter reads."""

Setting = tuple[str, str]
"""Name and value of a tag."""


def split_settings(prompt: str) -> tuple[str, list[Setting]]:
    """Take the setting tags out of a prompt; tags of networks stay in it.

    Returns:
        the prompt without them and without the gaps that they leave, and the tags in their order.
    """
    found: list[Setting] = []

    def taken(match: re.Match[str]) -> str:
        name = match[1].lower()
        if name in _LEFT:
            return match[0]
        found.append((_ALIASES.get(name, name), match[2].strip()))
        return ""

    rest = _TAG.sub(taken, prompt)
    if not found:
        return prompt, found
    # A tag between two commas leaves them side by side.
    rest = re.sub(r"[ \t]*,(?:[ \t]*,)+", ",", re.sub(r"[ \t]{2,}", " ", rest))
    return rest.strip(" \t\n,"), found


def with_settings(
    request: CellRequest, settings: list[Setting], choices: Choices
) -> tuple[CellRequest, list[str]]:
    """Put the values of tags into a request; of a tag given twice the later one holds.

    Returns:
        the request, and all faults of the tags, one clause each; empty when it can be painted.
    """
    faults: list[str] = []
    for name, value in settings:
        reader = _READERS.get(name)
        if reader is None:
            known = ", ".join(f"<{one}:..>" for one in [*_READERS, "lora"])
            faults.append(f"the tag <{name}:{value}> is not known: there are {known}")
            continue
        given = reader(value, choices)
        if isinstance(given, str):
            faults.append(f"the tag <{name}:{value}> {given}")
        else:
            request = replace(request, **given)
    return request, faults or number_faults(request)


_Given = dict[str, Any] | str
"""Fields of a request, or what is wrong."""


def _whole(field: str) -> Callable[[str, Choices], _Given]:
    def read(value: str, _: Choices) -> _Given:
        number = whole_number(value)
        return "needs a whole number" if number is None else {field: number}

    return read


def _cfg(value: str, _: Choices) -> _Given:
    try:
        return {"cfg_scale": float(value)}
    except ValueError:
        return "needs a number"


def _size(value: str, _: Choices) -> _Given:
    match = _SIZE.fullmatch(value)
    return {"width": int(match[1]), "height": int(match[2])} if match else "needs 512x768"


def _checkpoint(value: str, choices: Choices) -> _Given:
    path = choices.checkpoint(value)
    if path is None:
        near = choices.near_checkpoint(value)
        return "names no checkpoint that is listed" + (f"; did you mean {near}?" if near else "")
    return {"checkpoint": path}


def _vae(value: str, choices: Choices) -> _Given:
    vae = choices.vae(value)
    if vae is None:
        listed = ", ".join(choices.vaes) or "none"
        return f"names no VAE that is listed ({listed})"
    return {"vae": vae}


def _sampler(value: str, choices: Choices) -> _Given:
    sampler = choices.sampler(value)
    if sampler is None:
        near = choices.near_sampler(value)
        return "names no sampler that is listed" + (f"; did you mean {near}?" if near else "")
    return {"sampler_name": sampler}


_READERS: dict[str, Callable[[str, Choices], _Given]] = {
    "checkpoint": _checkpoint,
    "vae": _vae,
    "width": _whole("width"),
    "height": _whole("height"),
    "size": _size,
    "cfg_scale": _cfg,
    "sampler_name": _sampler,
    "steps": _whole("steps"),
    "clip_skip": _whole("clip_skip"),
}

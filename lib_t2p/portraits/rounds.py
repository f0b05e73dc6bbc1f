"""The pictures of a series, planned round by round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from lib_t2p.errors import FaultsError, InputError, WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.painting import CellRequest, request_from_record, request_to_record
from lib_t2p.portraits.choices import Choices
from lib_t2p.portraits.plan import STEP, PortraitPlan
from lib_t2p.portraits.setting_tags import split_settings, with_settings
from lib_t2p.workspace import PortraitsFolder

SCHEMA = 1
PROBES = 200
"""Prompts expanded before the first picture, to find faults that chance would show later."""


class Expands(Protocol):
    """Expands a template; `expanding.Expander` does it with dynamicprompts."""

    unknown: dict[str, None]

    def expand(self, template: str, seed: str) -> str:
        """One prompt for a seed."""


@dataclass(frozen=True)
class Portrait:
    """One picture of a series.

    Attributes:
        id: file name without ending.
        number: from 0, over all rounds.
        request: what the painter gets.
    """

    id: str
    number: int
    request: CellRequest


def plan_pictures(
    plan: PortraitPlan, choices: Choices, expander: Expands, first: int, count: int
) -> list[Portrait]:
    """Plan pictures `first` to `first + count - 1`; the same inputs give the same pictures.

    Ordered by checkpoint, so that each is loaded once a round.

    Raises:
        FaultsError: all faults of all prompts at once.
    """
    faults: dict[str, None] = {}
    pictures = [_picture(plan, choices, expander, n, faults) for n in range(first, first + count)]
    _raise(faults, expander)
    return sorted(pictures, key=lambda p: (p.request.checkpoint, p.request.vae, p.number))


def probe(plan: PortraitPlan, choices: Choices, expander: Expands, first: int) -> None:
    """Find what is wrong in further prompts of the plan before anything is painted.

    Raises:
        FaultsError: all faults at once.
    """
    wanted = min(PROBES, plan.count or PROBES)
    faults: dict[str, None] = {}
    for number in range(first, first + wanted):
        _picture(plan, choices, expander, number, faults)
    _raise(faults, expander)


def preview(expander: Expands, template: str, seed: int, count: int) -> list[str]:
    """What the first prompts of a series would be, setting tags included.

    Raises:
        InputError: the template cannot be read.
    """
    return [expander.expand(template, _prompt_seed(seed, number)) for number in range(count)]


def write_round(folder: PortraitsFolder, number: int, pictures: Sequence[Portrait]) -> None:
    """Write the pictures of a round, counted from 1."""
    entries = [
        {"id": p.id, "number": p.number, "request": request_to_record(p.request)} for p in pictures
    ]
    write_record(folder.round(number), SCHEMA, {"pictures": entries})


def read_round(folder: PortraitsFolder, number: int) -> list[Portrait]:
    """Read a round in painting order; raises `WorkspaceError` when missing or damaged."""
    record = read_record(folder.round(number), SCHEMA)
    try:
        return [
            Portrait(str(e["id"]), int(e["number"]), request_from_record(e["request"]))
            for e in record["pictures"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise WorkspaceError(
            f"{folder.round(number)} is damaged: start a new series of portraits."
        ) from error


def all_pictures(folder: PortraitsFolder) -> list[Portrait]:
    """The pictures of all rounds that are planned, in the order of their numbers."""
    found = [p for number in folder.rounds() for p in read_round(folder, number)]
    return sorted(found, key=lambda p: p.number)


def _picture(
    plan: PortraitPlan, choices: Choices, expander: Expands, number: int, faults: dict[str, None]
) -> Portrait:
    turn = number // len(plan.cycle) if plan.cycle else number
    base, seed = plan.request, (plan.request.seed + turn) % 2**32
    prompt, negative = base.prompt, base.negative_prompt
    if plan.cycle:
        # Before the grammar sees the braces.
        prompt = prompt.replace(STEP, plan.cycle[number % len(plan.cycle)])
    try:
        prompt = expander.expand(prompt, _prompt_seed(base.seed, turn))
        negative = expander.expand(negative, f"negative {base.seed} {turn}")
    except InputError as error:
        faults[str(error)] = None
    prompt, settings = split_settings(prompt)
    request = replace(base, prompt=prompt, negative_prompt=negative, seed=seed)
    request, wrong = with_settings(request, settings, choices)
    faults.update(dict.fromkeys(wrong))
    return Portrait(f"{number + 1:05d}_s{seed}", number, request)


def _prompt_seed(seed: int, number: int) -> str:
    return f"prompt {seed} {number}"


def _raise(faults: dict[str, None], expander: Expands) -> None:
    unknown = [
        f"there is no wildcard __{name}__: make the file {name}.txt in a folder of wildcards"
        for name in expander.unknown
    ]
    if faults or unknown:
        raise FaultsError("These prompts cannot be painted", [*faults, *unknown])

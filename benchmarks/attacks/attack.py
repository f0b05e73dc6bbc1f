"""One attack, and the list of all that were written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.attacks.target import Target

Act = Callable[["Target"], str]
"""Gives what got through; empty when the studio held."""


@dataclass(frozen=True)
class Attack:
    """One try.

    Attributes:
        name: unique, in a few words.
        tried: what is done, in one line.
        act: does it.
        needs_browser: whether a real page does it.
    """

    name: str
    tried: str
    act: Act
    needs_browser: bool = False


ATTACKS: list[Attack] = []
"""All that were imported, in the order in which they are tried."""


def attack(name: str, tried: str, *, browser: bool = False) -> Callable[[Act], Act]:
    """Put a function on the list."""

    def put(act: Act) -> Act:
        ATTACKS.append(Attack(name, tried, act, browser))
        return act

    return put

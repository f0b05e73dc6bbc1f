"""All attacks, in the order in which they are tried."""

from __future__ import annotations

from benchmarks.attacks import advisories, bodies, browser, events, files, strangers, texts, wires
from benchmarks.attacks.attack import ATTACKS

__all__ = ["ATTACKS"]

KINDS = (strangers, files, bodies, events, texts, wires, browser)
"""Each puts its own on the list when it is imported."""

advisories.put_on_list()

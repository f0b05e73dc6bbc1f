"""Lets this environment import torch, and nothing else, from another one.

Copied beside `t2p_borrowed_torch.json` by Text to Person, imported by a `.pth` line. A plain path
line would let in all of the other environment's packages: their versions are not ours.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import Distribution, DistributionFinder
from pathlib import Path
from types import ModuleType

RECORD = Path(__file__).with_suffix(".json")


class BorrowedFinder(MetaPathFinder):
    """Finds the named packages, and what is known of their versions, in one folder.

    Args:
        folder: the site-packages of the lender.
        names: top-level packages that may be borrowed.
    """

    def __init__(self, folder: str, names: Iterable[str]) -> None:
        self._folder = folder
        self._names = frozenset(names)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The lender's package, when it is one of the names; its modules follow by its path."""
        if path is not None or fullname not in self._names:
            return None
        return PathFinder.find_spec(fullname, [self._folder], target)

    def find_distributions(
        self, context: DistributionFinder.Context | None = None
    ) -> Iterable[Distribution]:
        """The lender's entries of the names; pip, which asks by folder, is shown none."""
        context = context or DistributionFinder.Context()
        if context.path is not sys.path:
            return []
        names = self._names if context.name is None else self._names & {context.name}
        return [
            found
            for name in sorted(names)
            for found in Distribution.discover(name=name, path=[self._folder])
        ]


def install(record: Path = RECORD) -> None:
    """Add the finder behind all others; silent where the record is gone."""
    try:
        body = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    sys.meta_path.append(BorrowedFinder(body["folder"], body["names"]))


install()

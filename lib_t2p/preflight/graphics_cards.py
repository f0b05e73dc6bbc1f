"""Graphics cards, as NVIDIA's own tool tells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lib_t2p.jobs.processes import Ask, ask_program
from lib_t2p.platforms import has_gpu

QUERY = (
    "nvidia-smi",
    "--query-gpu=name,memory.total,memory.free,compute_cap",
    "--format=csv,noheader,nounits",
)
BF16_SINCE = 8.0
"""Compute capability from which a card calculates in bf16 (RTX 30)."""


@dataclass(frozen=True)
class Card:
    """One card.

    Attributes:
        name: such as `NVIDIA GeForce RTX 3060`.
        total_mb: memory in MiB.
        free_mb: of it now free.
        capability: compute capability; 0 when not told.
    """

    name: str
    total_mb: int
    free_mb: int
    capability: float = 0.0

    @property
    def has_bf16(self) -> bool:
        """Whether it calculates in bf16; True when that is not known."""
        return not self.capability or self.capability >= BF16_SINCE


def read_cards(ask: Ask = ask_program) -> list[Card]:
    """All cards; empty where the tool is missing, hangs or says nothing usable.

    Args:
        ask: runs the tool and gives its output; a test gives its own.
    """
    return [card for card in map(_card, ask(QUERY).splitlines()) if card]


def _card(line: str) -> Card | None:
    parts = [part.strip() for part in line.rsplit(",", 3)]
    try:
        name, total, free = parts[0], int(parts[1]), int(parts[2])
    except (IndexError, ValueError):
        return None
    try:
        return Card(name, total, free, float(parts[3]))
    except (IndexError, ValueError):
        return Card(name, total, free)


def visible_gpus(environ: Mapping[str, str]) -> int:
    """How many GPUs a process with these variables may use; 0 on a machine without one."""
    visible = environ.get("CUDA_VISIBLE_DEVICES")
    if visible is None:
        return int(has_gpu())
    return len([part for part in visible.split(",") if part.strip() not in ("", "-1")])

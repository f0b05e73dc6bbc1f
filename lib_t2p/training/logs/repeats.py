"""How much of a difference is noise: runs of a page that were made twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lib_t2p.training.curves.numbers import finite_or_none
from lib_t2p.training.logs.importing import ImportedRun


@dataclass(frozen=True)
class Repeat:
    """A setting that was trained several times.

    Attributes:
        page: of the runs.
        setting: their common name.
        losses: final average loss of each, falling.
    """

    page: str
    setting: str
    losses: tuple[float, ...]

    @property
    def spread(self) -> float:
        """Largest minus smallest."""
        return self.losses[0] - self.losses[-1]

    @property
    def sentence(self) -> str:
        """For people."""
        told = ", ".join(f"{loss:.4f}" for loss in self.losses[:-1])
        return (
            f"{self.page or 'Here'}: {self.setting} was trained {len(self.losses)} times and ended "
            f"at {told} and {self.losses[-1]:.4f} average loss. Differences below "
            f"{self.spread:.4f} are noise."
        )


def repeats_of(runs: Sequence[ImportedRun]) -> list[Repeat]:
    """Repeats within pages; copies of one log are no repeat."""
    groups: dict[tuple[str, str], dict[object, float]] = {}
    for run in runs:
        loss = finite_or_none(run.numbers.final_average_loss)
        if loss is not None:
            groups.setdefault((run.page, run.setting), {})[run.origin] = loss
    return [
        Repeat(page, setting, tuple(sorted(losses.values(), reverse=True)))
        for (page, setting), losses in groups.items()
        if len(losses) > 1
    ]

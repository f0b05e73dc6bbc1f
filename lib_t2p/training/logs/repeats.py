"""How much of a difference is noise: runs of a page that were made twice."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
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


def noise_sentences(page: str, runs: Sequence[ImportedRun], repeats: Sequence[Repeat]) -> list[str]:
    """Which differences of a page are noise.

    Args:
        page: name of the page.
        runs: of the page.
        repeats: of all pages; one of the page itself is its yardstick, else the one that spread
            most, and then only the runs nearest to the lowest loss are named.
    """
    losses = {
        run.name: loss
        for run in runs
        if (loss := finite_or_none(run.numbers.final_average_loss)) is not None
    }
    own = max((r for r in repeats if r.page == page), key=lambda r: r.spread, default=None)
    if own is not None:
        others = {
            r.name: losses[r.name] for r in runs if r.setting != own.setting and r.name in losses
        }
        return _against(own, others)
    widest = max(repeats, key=lambda r: r.spread, default=None)
    if widest is None or len(losses) < 2:
        return []
    lowest = min(losses, key=lambda name: losses[name])
    near = [
        name for name in losses if name != lowest and losses[name] - losses[lowest] <= widest.spread
    ]
    if not near:
        return []
    return [
        f"No run was made twice here. By the spread of {widest.setting} in "
        f"{widest.page or 'another page'} ({widest.spread:.4f}) it is noise that {lowest} "
        f"ended lower than {_listed(near)}."
    ]


def _against(base: Repeat, others: Mapping[str, float]) -> list[str]:
    """Runs within the spread of the repeats, and beyond it."""
    middle = statistics.fmean(base.losses)
    told = {name: f"{name} ({loss - middle:+.4f})" for name, loss in others.items()}
    near = [name for name, loss in others.items() if abs(loss - middle) <= base.spread]
    within = [told[name] for name in near]
    beyond = [told[name] for name in others if name not in near]
    head = f"Against {base.setting} ({middle:.4f})"
    found = []
    if within:
        found.append(f"{head}, the differences of {_listed(within)} are noise.")
    if beyond:
        found.append(f"{head}, {_listed(beyond)} differ{'s' if len(beyond) == 1 else ''} by more.")
    return found


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))

"""The loss as sd-scripts records it: now, and on average over the last epoch."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class LossRecorder:
    """Keeps the loss of each batch of an epoch; the next epoch overwrites them one by one.

    Attributes:
        losses: by position in the epoch.
    """

    losses: list[float] = field(default_factory=list)

    def add(self, position: int, loss: float) -> None:
        """Record the loss of a batch at its position in the epoch."""
        if position < len(self.losses):
            self.losses[position] = loss
        else:
            self.losses.append(loss)

    @property
    def average(self) -> float:
        """Mean over what is kept; 0 before the first batch."""
        return sum(self.losses) / len(self.losses) if self.losses else 0.0

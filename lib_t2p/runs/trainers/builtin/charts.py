"""TensorBoard scalars under the six tags of sd-scripts, and the same as metric events."""

from __future__ import annotations

from pathlib import Path

from torch.optim import Optimizer
from torch.utils.tensorboard.writer import SummaryWriter

from lib_t2p.jobs.events import Reporter
from lib_t2p.runs.trainers.builtin.optimizers import adapted_rate


class Charts:
    """Writes numbers of a training; x is the optimizer step, and the epoch for `loss/epoch`.

    Args:
        folder: of the event files.
        reporter: told all of them too.
        first_step: steps done before; a chart of a resumed training goes on there.
    """

    def __init__(self, folder: Path, reporter: Reporter, first_step: int = 0) -> None:
        purge = first_step + 1 if first_step else None
        self._writer = SummaryWriter(str(folder), purge_step=purge)
        self._reporter = reporter

    def step(self, step: int, loss: float, average: float, optimizer: Optimizer) -> None:
        """Numbers of one optimizer step."""
        self._scalar("loss/current", loss, step)
        self._scalar("loss/average", average, step)
        for group in optimizer.param_groups:
            self._scalar(f"lr/{group['name']}", float(group["lr"]), step)
        adapted = adapted_rate(optimizer)
        if adapted is not None:
            self._scalar("lr/d*lr", adapted, step)

    def epoch(self, epoch: int, average: float) -> None:
        """Average loss at the end of an epoch, which is counted from 1 as in sd-scripts."""
        self._scalar("loss/epoch", average, epoch)
        self._writer.flush()

    def close(self) -> None:
        """Write what is still in memory."""
        self._writer.close()

    def _scalar(self, tag: str, value: float, step: int) -> None:
        self._writer.add_scalar(tag, value, step)
        self._reporter.metric(tag, step, value)

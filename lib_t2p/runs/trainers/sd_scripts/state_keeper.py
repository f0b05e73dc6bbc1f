"""Recording the training states of one launch as they become whole."""

from __future__ import annotations

from pathlib import Path

from lib_t2p.runs.runs import Run
from lib_t2p.runs.trainers.sd_scripts.launches import LaunchFacts
from lib_t2p.runs.trainers.sd_scripts.states import (
    drop_old_states,
    position_in,
    record_state,
    states,
    written_states,
)
from lib_t2p.workspace import RunFolder


class StateKeeper:
    """Hashes whole states once and keeps the newest of them only.

    Args:
        folder: of the run.
        run: as stored.
    """

    def __init__(self, folder: RunFolder, run: Run) -> None:
        self._folder = folder
        self._keep = max(run.settings.save_last_n_epochs_state or 1, 1)
        self._newest = max((state.step for state in states(folder)), default=0)
        self._sizes: dict[Path, int] = {}

    def newest(self) -> int:
        """Optimizer steps of the newest recorded state; 0 without one."""
        return self._newest

    def look(self, facts: LaunchFacts, *, over: bool) -> None:
        """Record states that are whole and still, then remove the older ones.

        Args:
            facts: of the launch; before it printed its numbers nothing is recorded.
            over: nobody writes any more.

        Raises:
            WorkspaceError: the disk is full.
        """
        if not facts.steps_per_epoch:
            return
        for path, epoch, step in written_states(self._folder):
            done = _steps_in(path, epoch, step, facts)
            if done <= facts.steps_before or not (self._still(path) or over):
                continue
            if record_state(self._folder, path, done) is not None:
                drop_old_states(self._folder, self._keep)
                self._newest = max(self._newest, done)

    def _still(self, path: Path) -> bool:
        size = sum(file.stat().st_size for file in path.iterdir())
        still = self._sizes.get(path) == size
        self._sizes[path] = size
        return still


def _steps_in(path: Path, epoch: int | None, step: int | None, facts: LaunchFacts) -> int:
    """Optimizer steps of the whole run that are done in a state."""
    own = position_in(path)
    if own is not None:
        return facts.own_begin + own
    if step is not None:
        return facts.own_begin + step
    if epoch is not None:
        return (facts.epochs_before + epoch) * facts.steps_per_epoch
    return facts.steps_total

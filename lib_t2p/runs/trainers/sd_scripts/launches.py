"""What is kept of a launch of sd-scripts, for whoever reads its output."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.runs.runs import Run
from lib_t2p.workspace import RunFolder

SCHEMA = 1


@dataclass(frozen=True)
class LaunchFacts:
    """How a launch stands in its run.

    Attributes:
        number: of the launch, counted from 1.
        steps_before: optimizer steps of the run that were done before.
        steps_in_epoch: of those, how many belong to the epoch that the launch begins in; its own
            counter starts with them.
        epochs_before: to add to the epochs that it prints, where they count from 1 again.
        steps_total: of the whole run; 0 at the first launch, which tells it.
        epochs_total: of the whole run; 0 when not known.
        steps_per_epoch: optimizer steps of an epoch; 0 when not known.
    """

    number: int = 1
    steps_before: int = 0
    steps_in_epoch: int = 0
    epochs_before: int = 0
    steps_total: int = 0
    epochs_total: int = 0
    steps_per_epoch: int = 0

    @property
    def own_begin(self) -> int:
        """Add it to a step that the launch counts to get the run's."""
        return self.steps_before - self.steps_in_epoch


def read_facts(folder: RunFolder) -> LaunchFacts | None:
    """Of the last launch; None before the first."""
    try:
        record = read_record(folder.trainer / "launch.json", SCHEMA)
    except WorkspaceError:
        return None
    known: dict[str, Any] = {n: record[n] for n in vars(LaunchFacts()) if n in record}
    return LaunchFacts(**{name: int(value) for name, value in known.items()})


def write_facts(folder: RunFolder, facts: LaunchFacts) -> None:
    """Keep the facts of a launch.

    Raises:
        WorkspaceError: the disk is full or the folder may not be written.
    """
    write_record(folder.trainer / "launch.json", SCHEMA, asdict(facts))


def output_name(folder: RunFolder, run: Run) -> str:
    """First part of the names of what a run writes, unique over all people and runs."""
    return f"t2p_{run.person}_{folder.id}"


def tb_folder(folder: RunFolder, number: int) -> Path:
    """Where the TensorBoard files of a launch go: a folder each, since steps count anew."""
    return folder.tb / f"launch-{number:02d}"

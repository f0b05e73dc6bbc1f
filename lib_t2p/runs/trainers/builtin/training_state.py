"""Training states: everything a cut-off training needs to go on exactly where it was."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from lib_t2p.errors import TrainerError, WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.ranges import whole_number

SCHEMA = 1
WEIGHTS, RECORD = "training.pt", "state.json"


@dataclass(frozen=True)
class Position:
    """Where a training stands.

    Attributes:
        epoch: counted from 0, the one that is at work.
        batch: batches of that epoch that are done.
        step: optimizer steps done.
        losses: of the last epoch's batches.
    """

    epoch: int
    batch: int
    step: int
    losses: tuple[float, ...]


def write_state(root: Path, position: Position, parts: dict[str, Any], *, keep: int) -> Path:
    """Write a state whole, then remove old ones.

    Args:
        root: folder of all states.
        position: where the training stands.
        parts: state dictionaries by name; torch's random state is added.
        keep: so many states stay.

    Raises:
        WorkspaceError: the disk is full.
    """
    final = root / f"step-{position.step:08d}"
    partial = root / f"{final.name}.part"
    shutil.rmtree(partial, ignore_errors=True)
    body = {**parts, "random": _random_state()}
    try:
        partial.mkdir(parents=True)
        torch.save(body, partial / WEIGHTS)
        write_record(partial / RECORD, SCHEMA, {**vars(position), "losses": list(position.losses)})
        shutil.rmtree(final, ignore_errors=True)
        os.replace(partial, final)
    except (OSError, RuntimeError) as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise WorkspaceError(
            f"The training state could not be written to {root} ({error}): free some space on the "
            "disk, then start the run again."
        ) from error
    for old in _states(root)[:-keep]:
        shutil.rmtree(old, ignore_errors=True)
    return final


def last_state(root: Path) -> Path | None:
    """The newest whole state; half-written ones are left aside."""
    whole = [path for path in _states(root) if (path / WEIGHTS).is_file()]
    return whole[-1] if whole else None


def read_state(path: Path, device: torch.device) -> tuple[Position, dict[str, Any]]:
    """Read a state.

    Raises:
        TrainerError: it is damaged or no state of ours.
    """
    try:
        record = read_record(path / RECORD, SCHEMA)
        body = torch.load(path / WEIGHTS, map_location=device, weights_only=True)
        position = Position(
            int(record["epoch"]),
            int(record["batch"]),
            int(record["step"]),
            tuple(float(x) for x in record["losses"]),
        )
    except (WorkspaceError, OSError, RuntimeError, KeyError, ValueError, EOFError) as error:
        raise TrainerError(
            f"The training state {path} cannot be read ({type(error).__name__}): remove that "
            "folder, and the run goes on from the state before or from the start."
        ) from error
    return position, body


def restore_random(state: dict[str, Any]) -> None:
    """Set torch's random generators as they were."""
    torch.set_rng_state(state["cpu"].cpu())
    if "cuda" in state and torch.cuda.is_available():
        torch.cuda.set_rng_state(state["cuda"].cpu())


def _random_state() -> dict[str, Any]:
    state = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        state["cuda"] = torch.cuda.get_rng_state()
    return state


def _states(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    return sorted(p for p in root.iterdir() if p.is_dir() and whole_number(p.name[5:]) is not None)

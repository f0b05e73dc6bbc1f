"""Whether a grid's models were made for its checkpoint."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lib_t2p.diffusion import recognise
from lib_t2p.errors import CheckpointError, FaultsError, LoraError
from lib_t2p.grids.grid_plan import GridPlan
from lib_t2p.lora import check_family


def refuse_misfits(plan: GridPlan) -> None:
    """Refuse models of another family than the checkpoint's, or of an unknown one.

    Models and checkpoints that are not there yet, or cannot be read, are the painter's to name.

    Raises:
        FaultsError: all of them at once.
    """
    faults = misfits(Path(plan.checkpoint), (Path(model.path) for model in plan.models))
    if faults:
        raise FaultsError("These models cannot be painted with this checkpoint", faults)


def misfits(checkpoint: Path, paths: Iterable[Path]) -> list[str]:
    """A sentence for each LoRA of another or an unknown family; files that are gone are passed.

    A checkpoint that is not known here is judged by who paints: nothing is said then.
    """
    try:
        family = recognise(checkpoint).key_names
    except CheckpointError:
        return []
    faults = []
    for path in paths:
        if not path.is_file():
            continue
        try:
            check_family(path, family)
        except LoraError as error:
            faults.append(str(error))
    return faults

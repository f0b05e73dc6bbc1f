"""Whether a grid's models were made for its checkpoint."""

from __future__ import annotations

from pathlib import Path

from lib_t2p.diffusion.families import recognise
from lib_t2p.errors import CheckpointError, FaultsError, LoraError
from lib_t2p.generation.plan import GridPlan
from lib_t2p.lora.family import check_family


def refuse_misfits(plan: GridPlan) -> None:
    """Refuse models of another family than the checkpoint's, or of an unknown one.

    Models and checkpoints that are not there yet, or cannot be read, are the painter's to name.

    Raises:
        FaultsError: all of them at once.
    """
    try:
        family = recognise(Path(plan.checkpoint)).key_names
    except CheckpointError:
        return
    faults = []
    for model in plan.models:
        path = Path(model.path)
        if not path.is_file():
            continue
        try:
            check_family(path, family)
        except LoraError as error:
            faults.append(str(error))
    if faults:
        raise FaultsError("These models cannot be painted with this checkpoint", faults)

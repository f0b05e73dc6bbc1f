"""Whether the LoRAs that a prompt names were made for its checkpoint."""

from __future__ import annotations

import re
from pathlib import Path

from lib_t2p.errors import FaultsError
from lib_t2p.grids import misfits
from lib_t2p.lora import lora_files
from lib_t2p.painting import CellRequest, lora_stems
from lib_t2p.runs import saved_models
from lib_t2p.workspace import PersonFolder, Workspace

_OTHER_CHECKPOINT = re.compile(r"<\s*(?:checkpoint|model)\s*:", re.IGNORECASE)


def refuse_misfits(workspace: Workspace, person: PersonFolder, request: CellRequest) -> None:
    """Refuse LoRAs of another family than the checkpoint's, or of an unknown one.

    What lies elsewhere, or is chosen by a wildcard, is the painter's to check, and so is a prompt
    that names a checkpoint of its own.

    Args:
        workspace: whose folder of LoRAs is looked through.
        person: whose saved models may be named too.
        request: its prompt, with tags, and its checkpoint.

    Raises:
        FaultsError: all of them at once.
    """
    stems = lora_stems(request.prompt)
    if not stems or _OTHER_CHECKPOINT.search(request.prompt):
        return
    found = {stem: paths[0] for stem, paths in lora_files(workspace.loras).items()}
    saved = {model.stem: model.path for run in person.runs() for model in saved_models(run)}
    known = saved | found
    paths = (known[stem] for stem in stems if stem in known)
    faults = misfits(Path(request.checkpoint), paths)
    if faults:
        raise FaultsError("These LoRAs cannot be painted with this checkpoint", faults)

"""Writing LoRA files in kohya's format."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import save
from torch import Tensor

from lib_t2p.files import write_bytes
from lib_t2p.lora import TrainingFacts, model_hashes, spec_metadata, training_metadata
from lib_t2p.runs.runs import Run, SavedModel
from lib_t2p.runs.trainers.builtin.adapters import AdapterNetwork
from lib_t2p.runs.trainers.builtin.hashing import BaseHashes

DTYPES = {"float": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}


@dataclass(frozen=True)
class ModelWriter:
    """Writes the LoRA of a run.

    Attributes:
        folder: where the files go.
        run: whose settings stand in the metadata.
        facts: what is only known once a training runs, but for the hashes.
        hashes: of the base checkpoint.
    """

    folder: Path
    run: Run
    facts: TrainingFacts
    hashes: BaseHashes

    def write(self, network: AdapterNetwork, stem: str, *, epoch: int, step: int) -> SavedModel:
        """Write one LoRA whole.

        Raises:
            WorkspaceError: the disk is full or the folder may not be written.
            CheckpointError: the base checkpoint is gone.
        """
        settings = self.run.settings
        facts = replace(self.facts, base_hashes=self.hashes.result())
        precision = DTYPES.get(settings.save_precision or "")
        tensors = {n: _saved(t, precision) for n, t in network.tensors().items()}
        values = vars(settings)
        training = training_metadata(
            values, facts, output_name=stem, epoch=epoch, step=step, finished=time.time()
        )
        new_hash, old_hash = model_hashes(save(tensors, training))
        metadata = {
            **training,
            **spec_metadata(values, facts, title=settings.metadata_title or stem),
            "sshs_model_hash": new_hash,
            "sshs_legacy_hash": old_hash,
        }
        path = self.folder / f"{stem}.safetensors"
        write_bytes(path, save(tensors, metadata))
        return SavedModel(path, epoch, step, stem)


def _saved(tensor: Tensor, dtype: torch.dtype | None) -> Tensor:
    return tensor.detach().to("cpu", dtype or tensor.dtype).contiguous().clone()

"""Small LoRA files with the names and metadata of real ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

METADATA = {
    "ss_network_dim": "4",
    "ss_network_alpha": "2.0",
    "ss_network_module": "networks.lora",
    "ss_base_model_version": "sd_v1",
    "ss_epoch": "3",
    "ss_num_epochs": "10",
    "ss_steps": "330",
    "ss_max_train_steps": "1100",
    "ss_sd_model_name": "photon_v1.safetensors",
    "ss_optimizer": "dadaptation.DAdaptAdam",
    "ss_min_snr_gamma": "None",
    "ss_dataset_dirs": '{"10_ohwx woman": {"n_repeats": 10, "img_count": 33}}',
    "ss_reg_dataset_dirs": '{"1_woman": {"n_repeats": 1, "img_count": 330}}',
    "ss_tag_frequency": '{"10_ohwx woman": {"ohwx woman": 33, "smile": 4}}',
}

UNET = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k"
TEXT = "lora_te_text_model_encoder_layers_0_mlp_fc1"


def tensors(rank: int = 4, alpha: float = 2.0, context: int = 768, up: float = 0.5) -> Any:
    made = {}
    for stem, width in ((UNET, context), (TEXT, 16)):
        made[f"{stem}.alpha"] = np.array(alpha, np.float16)
        made[f"{stem}.lora_down.weight"] = np.full((rank, width), 0.25, np.float16)
        made[f"{stem}.lora_up.weight"] = np.full((8, rank), up, np.float16)
    return made


def write_lora(path: Path, arrays: Any = None, **metadata: str) -> Path:
    """A file of `tensors()` with `METADATA`, both of which may be changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors() if arrays is None else arrays, path, {**METADATA, **metadata})
    return path

"""Which family of checkpoints a LoRA was made for, seen from its keys."""

from __future__ import annotations

from pathlib import Path

from lib_t2p.errors import LoraError
from lib_t2p.lora.header import read_header
from lib_t2p.lora.keys import FamilyName

_SDXL = ("lora_te1_", "lora_te2_", "lora_unet_input_blocks_", "lora_unet_output_blocks_")
_CROSS = ("_attn2_to_k.lora_down.weight", "_attn2_to_v.lora_down.weight")
_SDXL_WIDTH = 2048
"""Numbers that SDXL's text encoders give for a token; SD1.5's gives 768."""
_SD15 = ("lora_te_", "lora_unet_down_blocks_", "lora_unet_up_blocks_")
_TITLES: dict[FamilyName, str] = {"sd15": "SD1.5", "sdxl": "SDXL"}


def lora_family(path: Path) -> FamilyName | None:
    """Tell the family; None when the keys are of another format. Raises as `read_header`."""
    tensors = read_header(path).tensors
    names = list(tensors)
    if any(name.startswith(_SDXL) for name in names):
        return "sdxl"
    # Layers of SDXL may also have the names that diffusers gives them, as SD1.5's have.
    crosses = [info.shape for name, info in tensors.items() if name.endswith(_CROSS)]
    if any(len(shape) > 1 and shape[1] == _SDXL_WIDTH for shape in crosses):
        return "sdxl"
    return "sd15" if any(name.startswith(_SD15) for name in names) else None


def check_family(path: Path, family: FamilyName) -> None:
    """Refuse a LoRA that was made for the other family; a WebUI would paint without it.

    Raises:
        LoraError: it was, or its file is damaged.
    """
    own = lora_family(path)
    if own is not None and own != family:
        raise LoraError(
            f"{path.name} was made for {_TITLES[own]} and the base checkpoint is "
            f"{_TITLES[family]}: choose a checkpoint of its family."
        )

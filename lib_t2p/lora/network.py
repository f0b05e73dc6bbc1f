"""What kind of network a file holds, told by the names and shapes of its tensors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from lib_t2p.lora.header import TensorInfo
from lib_t2p.lora.keys import ALPHA

_PARTS: tuple[tuple[str, str], ...] = (
    (".hada_", "LoHa"),
    (".lokr_", "LoKr"),
    (".oft_", "OFT"),
    (".lora_mid.", "LoCon with Tucker cores"),
    (".lora_", "LoRA"),
    (".lora.", "LoRA"),
)
_DOWN = (".lora_down.weight", ".lora_A.weight", ".lora.down.weight")
_UP = (".lora_up.weight", ".lora_B.weight", ".lora.up.weight")
_CONTEXT = {768: "sd15", 1024: "sd2", 2048: "sdxl"}
"""Width of the text that cross-attention reads -> family."""


@dataclass(frozen=True)
class Network:
    """Counted from the tensors, whatever the metadata say.

    Attributes:
        kind: such as `LoRA` or `LoCon`; empty when the file holds no network of that sort.
        family: `sd15`, `sd2` or `sdxl`, or empty when the shapes do not tell.
        ranks: rank -> how many modules have it.
        conv_ranks: the same of convolutions larger than 1x1.
        unet_modules: modules of the U-Net.
        text_modules: modules of text encoders.
        unpaired: stems that have only one of their two matrices.
        dtypes: number format -> how many tensors.
    """

    kind: str
    family: str
    ranks: Mapping[int, int]
    conv_ranks: Mapping[int, int]
    unet_modules: int
    text_modules: int
    unpaired: tuple[str, ...]
    dtypes: Mapping[str, int]


def network_of(tensors: Mapping[str, TensorInfo]) -> Network:
    """Count the modules of a file."""
    downs = {_stem(n, _DOWN): info for n, info in tensors.items() if n.endswith(_DOWN)}
    ups = {_stem(n, _UP) for n in tensors if n.endswith(_UP)}
    stems = {name.partition(".")[0] if _is_kohya(name) else _peft_stem(name) for name in tensors}
    large = {s for s, i in downs.items() if len(i.shape) == 4 and max(i.shape[2:]) > 1}
    kind = next((kind for part, kind in _PARTS if any(part in name for name in tensors)), "")
    if kind == "LoRA" and large:
        kind = "LoCon"
    if kind and any(name.endswith("dora_scale") for name in tensors):
        kind += " with DoRA"
    text = sum(_is_text(stem) for stem in stems)
    return Network(
        kind=kind,
        family=_family(tensors, downs),
        ranks=Counter(i.shape[0] for s, i in downs.items() if s not in large and i.shape),
        conv_ranks=Counter(downs[s].shape[0] for s in large),
        unet_modules=len(stems) - text if kind else 0,
        text_modules=text if kind else 0,
        unpaired=tuple(sorted(set(downs) ^ ups)),
        dtypes=Counter(i.dtype for n, i in tensors.items() if not n.endswith(ALPHA)),
    )


def _family(tensors: Mapping[str, TensorInfo], downs: Mapping[str, TensorInfo]) -> str:
    for stem, info in downs.items():
        if stem.replace(".", "_").endswith("attn2_to_k") and len(info.shape) >= 2:
            return _CONTEXT.get(info.shape[1], "")
    return "sdxl" if any(name.startswith("lora_te2_") for name in tensors) else ""


def _stem(name: str, ends: tuple[str, ...]) -> str:
    return next(name.removesuffix(end) for end in ends if name.endswith(end))


def _is_kohya(name: str) -> bool:
    return name.startswith("lora_")


def _peft_stem(name: str) -> str:
    return name.partition(".lora")[0].removesuffix(ALPHA)


def _is_text(stem: str) -> bool:
    return stem.startswith(("lora_te", "text_encoder"))

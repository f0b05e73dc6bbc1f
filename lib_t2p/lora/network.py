"""What kind of network a file holds, told by the names and shapes of its tensors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from lib_t2p.lora.header import LoraHeader
from lib_t2p.lora.keys import ALPHA
from lib_t2p.lora.layer_names import Shapes, by_layer, layer_of
from lib_t2p.lora.network_kinds import is_large
from lib_t2p.lora.recognising import Recognised, recognise_lora

_DOWN = (".lora_down.weight", ".lora_A.weight", ".lora.down.weight")
_UP = (".lora_up.weight", ".lora_B.weight", ".lora.up.weight")
_RANKS = ("hada_w1_b", "lokr_w2_b", "lokr_w1_b")
"""Of kinds without such a matrix: (rank, numbers that the layer takes)."""


@dataclass(frozen=True)
class Network:
    """Counted from the tensors, whatever the metadata say.

    Attributes:
        kind: such as `LoRA` or `LoCon`; empty when the file holds no network of that sort.
        family: a key of `recognising.TITLES`, `unknown` when names and shapes do not tell.
        ranks: rank -> how many modules have it.
        conv_ranks: the same of convolutions larger than 1x1.
        unet_modules: modules of the U-Net.
        text_modules: modules of text encoders.
        unpaired: stems that have only one of their two matrices.
        dtypes: number format -> how many tensors.
        told: kind and family with what speaks for them.
    """

    kind: str
    family: str
    ranks: Mapping[int, int]
    conv_ranks: Mapping[int, int]
    unet_modules: int
    text_modules: int
    unpaired: tuple[str, ...]
    dtypes: Mapping[str, int]
    told: Recognised


def network_of(header: LoraHeader) -> Network:
    """Count the modules of a file."""
    told = recognise_lora(header)
    tensors = header.tensors
    layers = by_layer(tensors, {name: info.shape for name, info in tensors.items()})
    layers = {stem: parameters for stem, parameters in layers.items() if told.kind}
    ranks: Counter[int] = Counter()
    conv_ranks: Counter[int] = Counter()
    for parameters in layers.values():
        rank = _rank(parameters)
        if rank:
            (conv_ranks if is_large(parameters) else ranks)[rank] += 1
    text = sum(layer_of(stem).part != "image" for stem in layers)
    return Network(
        kind=told.kind,
        family=told.family,
        ranks=ranks,
        conv_ranks=conv_ranks,
        unet_modules=len(layers) - text,
        text_modules=text,
        unpaired=tuple(sorted(stem for stem, shapes in layers.items() if _lacks_one(shapes))),
        dtypes=Counter(i.dtype for n, i in tensors.items() if not n.endswith(ALPHA)),
        told=told,
    )


def _rank(parameters: Shapes) -> int:
    for name in (*(end[1:] for end in _DOWN), *_RANKS):
        if parameters.get(name):
            return parameters[name][0]
    return 0


def _lacks_one(parameters: Shapes) -> bool:
    downs = sum(end[1:] in parameters for end in _DOWN)
    ups = sum(end[1:] in parameters for end in _UP)
    return downs != ups

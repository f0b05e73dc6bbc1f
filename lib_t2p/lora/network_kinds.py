"""Which kind of network a file holds, told by the parameters of its layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Parameters = Mapping[str, Mapping[str, tuple[int, ...]]]
"""Shapes by parameter, by layer."""

_KINDS: tuple[tuple[str, str], ...] = (
    ("hada_", "LoHa"),
    ("lokr_", "LoKr"),
    ("boft_", "BOFT"),
    ("oft_", "OFT"),
    ("b1.weight", "GLoRA"),
    ("lora_mid.", "LoCon with Tucker cores"),
    ("lora_linear_layer", "LoRA"),
    ("lora_", "LoRA"),
    ("lora.", "LoRA"),
    ("vera_", "VeRA"),
    ("ia3_", "IA3"),
    ("on_input", "IA3"),
    ("diff", "full difference"),
    ("w_norm", "norms only"),
    ("b_norm", "norms only"),
)
_DORA = ("dora_scale", "lora_magnitude_vector")
_DOWN = ("lora_down.weight", "lora_A.weight", "lora.down.weight")
_CONVOLUTION = 4
"""Sides of a convolution's weight."""


def kind_of(layers: Parameters) -> str:
    """Name the kind; empty when no layer has the parameters of any."""
    parameters = {name for layer in layers.values() for name in layer}
    kind = next((k for mark, k in _KINDS if _starts(parameters, mark)), "")
    if kind == "OFT" and any(len(_blocks(layer)) == _CONVOLUTION for layer in layers.values()):
        kind = "BOFT"
    if kind == "LoRA" and any(is_large(layer) for layer in layers.values()):
        kind = "LoCon"
    dora = any(name.startswith(_DORA) for name in parameters)
    if not kind and dora:
        return "DoRA"
    return f"{kind} with DoRA" if kind and dora else kind


def is_large(layer: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether a layer is a convolution larger than 1x1."""
    shape = next((layer[name] for name in _DOWN if name in layer), ())
    return len(shape) == _CONVOLUTION and max(shape[2:]) > 1


def _blocks(layer: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    return layer.get("oft_blocks", ())


def _starts(names: Iterable[str], mark: str) -> bool:
    return any(name.startswith(mark) for name in names)

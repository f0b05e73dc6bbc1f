"""What a LoRA file is: its kind and the family of checkpoints it was made for, told in one place.

The names and shapes of its tensors decide. What its metadata say of the family helps only where
those leave a choice, as between SD1.5 and SD2 in a file without cross-attention.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lib_t2p.lora.header import LoraHeader, TensorInfo
from lib_t2p.lora.kinds import kind_of
from lib_t2p.lora.layer_names import Layer, Naming, by_layer, layer_of, widths_of
from lib_t2p.lora.other_kinds import adapter_kind, whole_kind
from lib_t2p.lora.recorded import recorded_family
from lib_t2p.lora.text_families import text_families
from lib_t2p.lora.transformer_marks import transformer_families
from lib_t2p.lora.unet_families import unet_families

UNKNOWN = "unknown"
TITLES = {
    "sd15": "SD1.5", "sd2": "SD2", "sdxl": "SDXL", "sdxl-refiner": "SDXL's refiner", "sd3": "SD3",
    "flux": "Flux", "flux2": "Flux.2", "chroma": "Chroma", "hunyuan-video": "HunyuanVideo",
    "hidream": "HiDream", "auraflow": "AuraFlow", "qwen-image": "Qwen-Image",
    "lumina": "Lumina or Z-Image", "wan": "Wan", "hunyuan-dit": "Hunyuan-DiT",
    "cascade": "Stable Cascade", "animatediff": "AnimateDiff's motion modules",
    UNKNOWN: "an unknown family",
}  # fmt: skip
"""Family -> what people call it."""


@dataclass(frozen=True)
class Recognised:
    """What a file is.

    Attributes:
        kind: such as `LoRA`, `LoCon` or `LoHa`; empty when it is no LoRA.
        family: a key of `TITLES`, `unknown` included.
        candidates: families that it could be of, when unknown.
        mixed: families whose layers it mixes; empty for a file of one family.
        naming: whose names its layers have; None when it is no LoRA.
        instead: what it is when it is no LoRA, such as "a VAE"; may be empty even so.
    """

    kind: str
    family: str
    candidates: tuple[str, ...] = ()
    mixed: tuple[str, ...] = ()
    naming: Naming | None = None
    instead: str = ""

    @property
    def title(self) -> str:
        """The family for a sentence: "SD1.5", or "an unknown family (SD1.5 or SDXL)"."""
        told = TITLES[self.family]
        if self.mixed:
            return f"{told} (it mixes layers of {_listed(self.mixed, 'and')})"
        if self.candidates:
            return f"{told} ({_listed(self.candidates, 'or')})"
        return told


def recognise_lora(header: LoraHeader) -> Recognised:
    """Tell what a file is by its tensors' names and shapes, and by its metadata where they do not.

    Args:
        header: as `read_header` gives it.
    """
    tensors = header.tensors
    instead = adapter_kind(tensors)
    parameters = {} if instead else by_layer(tensors, _shapes(tensors))
    kind = kind_of(parameters)
    if not kind:
        return Recognised("", UNKNOWN, instead=instead or whole_kind(tensors))
    layers = {stem: layer_of(stem) for stem in parameters}
    families, contradiction = _families(layers, parameters)
    naming = _naming(layers)
    if contradiction:
        return Recognised(kind, UNKNOWN, mixed=tuple(sorted(families)), naming=naming)
    recorded = recorded_family(header.metadata)
    if len(families) > 1 and recorded in families:
        families = {recorded}
    if families == {"sd15", "sd2"}:
        # SD2's U-Net has the same layers but for cross-attention, so that the file fits SD1.5.
        families = {"sd15"}
    if len(families) == 1:
        return Recognised(kind, next(iter(families)), naming=naming)
    return Recognised(
        kind, UNKNOWN, tuple(f for f in TITLES if f in families and f != UNKNOWN), (), naming
    )


def _shapes(tensors: Mapping[str, TensorInfo]) -> dict[str, tuple[int, ...]]:
    return {name: info.shape for name, info in tensors.items()}


def _naming(layers: Mapping[str, Layer]) -> Naming:
    named = [layer.naming for layer in layers.values()]
    return "kohya" if named.count("kohya") * 2 > len(named) else "diffusers"


def _families(
    layers: Mapping[str, Layer], parameters: Mapping[str, Mapping[str, tuple[int, ...]]]
) -> tuple[set[str], bool]:
    """Families that the layers allow; True when they contradict each other."""
    image, text = {}, {}
    for stem, layer in layers.items():
        widths = widths_of(parameters[stem])
        if layer.part == "image":
            image[layer.name] = widths
        else:
            text[layer] = widths
    transformers = transformer_families(image)
    unet = unet_families(image, kohya=_naming(layers) == "kohya")
    if unet.mixed or len(transformers) + bool(unet.families) > 1:
        return transformers | unet.families, True
    found = transformers or set(unet.families)
    texts = text_families(text)
    # The image's layers are surer than the names of text encoders.
    families = found & texts or found or texts
    if unet.small and "sd15" in families:
        families = {"sd15"}
    return families, False


def _listed(families: tuple[str, ...], word: str) -> str:
    titles = [TITLES[f] for f in families]
    return f" {word} ".join([", ".join(titles[:-1]), titles[-1]]) if titles[1:] else titles[0]

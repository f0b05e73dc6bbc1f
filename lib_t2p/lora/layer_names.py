"""The names of a LoRA's tensors taken apart, whichever program wrote them.

Sources of the namings: kohya-ss/sd-scripts (`lora_unet_..`, `lora_te1_..`), diffusers and PEFT
(`unet..lora_A.weight`, `..processor.to_q_lora.down.weight`, `..lora_linear_layer..`), LyCORIS
(`hada_*`, `lokr_*`, `oft_*`, `on_input`, `diff`), ai-toolkit (`transformer.` or
`diffusion_model.`), OneTrainer (`lora_transformer_..`), XLabs (`..processor.qkv_lora1..`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Part = Literal["image", "te", "te1", "te2", "te3", "text_encoder"]
"""`image` is the U-Net or the transformer; `te` and so on are kohya's text encoders;
`text_encoder` is a first one in diffusers' naming, which every family has."""
Naming = Literal["kohya", "diffusers"]
Shapes = Mapping[str, tuple[int, ...]]

_PROCESSOR = re.compile(r"(.+)\.processor\.(\w+?)_lora\d?\.(down|up|mid)(?:\.weight|\.bias)?")
_PARAMETER = re.compile(
    r"\.(?=lora_(?:down|up|mid|A|B|linear_layer|magnitude_vector|embedding)\b|lora\.(?:down|up|mid)|"
    r"hada_|lokr_|oft_|boft_|ia3_|vera_|[ab][12]\.weight$|diff$|diff_b$|dora_scale$|alpha$|"
    r"on_input$|w_norm$|b_norm$|reshape_weight$|scale$|rank$|(?:\w+\.)?weight$|bias$)"
)
_PREFIXES: tuple[tuple[str, Part, Naming], ...] = (
    ("lora_unet.", "image", "diffusers"),
    ("lora_te.", "te", "diffusers"),
    ("lora_te1.", "te1", "diffusers"),
    ("lora_te2.", "te2", "diffusers"),
    ("lora_transformer.", "image", "diffusers"),
    ("lora_unet_", "image", "kohya"),
    ("oft_unet_", "image", "kohya"),
    ("lora_prior_unet_", "image", "kohya"),
    ("lora_transformer_", "image", "kohya"),
    ("lora_te1_", "te1", "kohya"),
    ("lora_te2_", "te2", "kohya"),
    ("lora_te3_", "te3", "kohya"),
    ("lora_te_", "te", "kohya"),
    ("lycoris_unet_", "image", "kohya"),
    ("lycoris_text_encoder_", "text_encoder", "kohya"),
    ("lycoris_", "image", "kohya"),
    ("text_encoder_2.", "te2", "diffusers"),
    ("text_encoder_3.", "te3", "diffusers"),
    ("text_encoder.", "text_encoder", "diffusers"),
    ("text_encoders.clip_l.", "text_encoder", "diffusers"),
    ("text_encoders.clip_g.", "te2", "diffusers"),
    ("text_encoders.t5xxl.", "te3", "diffusers"),
    ("clip_l.", "text_encoder", "diffusers"),
    ("clip_g.", "te2", "diffusers"),
    ("t5xxl.", "te3", "diffusers"),
    ("t5.", "te3", "diffusers"),
    ("te1.", "te1", "diffusers"),
    ("te2.", "te2", "diffusers"),
    ("cond_stage_model.", "text_encoder", "diffusers"),
    ("conditioner.embedders.0.", "text_encoder", "diffusers"),
    ("conditioner.embedders.1.", "te2", "diffusers"),
    ("text_model.", "text_encoder", "diffusers"),
)
_WRAPPERS = ("base_model.model.", "model.diffusion_model.", "diffusion_model.", "model.unet.",
             "unet.", "prior.", "transformer.", "dit.")  # fmt: skip
_TRANSFORMER = "transformer."
_T5 = re.compile(r"encoder_block_\d+_layer_")


@dataclass(frozen=True)
class Layer:
    """A module that a LoRA changes.

    Attributes:
        part: of the model.
        name: within the part, its dots as underscores.
        naming: whose.
    """

    part: Part
    name: str
    naming: Naming


def split_tensor(name: str) -> tuple[str, str]:
    """Split a tensor's name into its layer, as it stands there, and its parameter.

    The parameter is empty when the name has none that a LoRA could have.
    """
    found = _PROCESSOR.fullmatch(name)
    if found:
        inner = "to_out.0" if found[2] == "to_out" else found[2]
        return f"{found[1]}.{inner}", f"lora.{found[3]}.weight"
    match = _PARAMETER.search(name)
    if not match:
        return name, ""
    parameter = name[match.end() :].replace("lora_linear_layer.", "lora.")
    # PEFT writes the adapter's name in between: `lora_A.default.weight`.
    parameter = re.sub(r"^(lora_(?:[AB]|up|down|mid))\.\w+\.weight$", r"\1.weight", parameter)
    # Raw parameters, without a module of their own, have no `.weight`.
    parameter = re.sub(r"^(lora_(?:[AB]|up|down|mid))$", r"\1.weight", parameter)
    return name[: match.start()], parameter


def layer_of(stem: str) -> Layer:
    """Take the name of a layer apart."""
    for prefix, part, naming in _PREFIXES:
        if stem.startswith(prefix):
            return _layer(part, stem.removeprefix(prefix), naming)
    bare, peft = stem, False
    for wrapper in _WRAPPERS:
        if bare.startswith(wrapper):
            bare, peft = bare.removeprefix(wrapper), True
    for prefix, part, naming in _PREFIXES:
        if peft and bare.startswith(prefix):
            return _layer(part, bare.removeprefix(prefix), naming)
    return _layer("image", bare, "diffusers")


def _layer(part: Part, name: str, naming: Naming) -> Layer:
    flat = name.removeprefix(_TRANSFORMER).replace(".", "_")
    # Flux's second text encoder is a T5, as SD3's third one is.
    return Layer("te3" if part == "te2" and _T5.match(flat) else part, flat, naming)


def by_layer(names: Iterable[str], shapes: Shapes) -> dict[str, dict[str, tuple[int, ...]]]:
    """The parameters of each layer with their shapes, by the layer's name as it stands there."""
    found: dict[str, dict[str, tuple[int, ...]]] = {}
    for name in names:
        stem, parameter = split_tensor(name)
        if parameter:
            found.setdefault(stem, {})[parameter] = shapes[name]
    return found


def widths_of(parameters: Shapes) -> tuple[int | None, int | None]:
    """Numbers that the layer takes and gives, as far as the shapes of its parameters tell.

    Of a LoHa's, LoKr's and OFT's convolution only what is sure is given.
    """
    for reader in (_of_lora, _of_hada, _of_lokr, _of_glora, _of_whole, _of_oft):
        taken, given = reader(parameters)
        if taken or given:
            return taken, given
    return None, None


_Found = tuple[int | None, int | None]


def _at(parameters: Shapes, names: Iterable[str], side: int) -> int | None:
    shape = next((parameters[n] for n in names if n in parameters), ())
    return shape[side] if len(shape) > side else None


def _of_lora(parameters: Shapes) -> _Found:
    down = ("lora_down.weight", "lora_A.weight", "lora.down.weight")
    up = ("lora_up.weight", "lora_B.weight", "lora.up.weight")
    return _at(parameters, down, 1), _at(parameters, up, 0)


def _of_hada(parameters: Shapes) -> _Found:
    if "hada_t1" in parameters:
        # With Tucker cores both matrices are (rank, width).
        return _at(parameters, ["hada_w1_b"], 1), _at(parameters, ["hada_w1_a"], 1)
    return _at(parameters, ["hada_w1_b"], 1), _at(parameters, ["hada_w1_a"], 0)


def _of_lokr(parameters: Shapes) -> _Found:
    tucker = "lokr_t2" in parameters
    left_out = _at(parameters, ["lokr_w1", "lokr_w1_a"], 0)
    left_in = _at(parameters, ["lokr_w1", "lokr_w1_b"], 1)
    right_out = _at(parameters, ["lokr_w2"], 0) or _at(parameters, ["lokr_w2_a"], int(tucker))
    right_in = _at(parameters, ["lokr_w2", "lokr_w2_b"], 1)
    return (
        left_in * right_in if left_in and right_in else None,
        left_out * right_out if left_out and right_out else None,
    )


def _of_glora(parameters: Shapes) -> _Found:
    return _at(parameters, ["b1.weight"], 1), _at(parameters, ["b2.weight"], 0)


def _of_whole(parameters: Shapes) -> _Found:
    if "on_input" in parameters:
        shape = parameters.get("weight", ())
        return (shape[1] if len(shape) > 1 and shape[1] > 1 else None,
                shape[0] if shape and shape[0] > 1 else None)  # fmt: skip
    return _at(parameters, ["diff"], 1), _at(parameters, ["diff"], 0)


def _of_oft(parameters: Shapes) -> _Found:
    shape = parameters.get("oft_blocks") or parameters.get("oft_diag") or ()
    # A block-diagonal turn of what the layer gives; butterflies (4 sides) repeat it.
    if len(shape) == 3 and shape[1] == shape[2]:
        return None, shape[0] * shape[1]
    return (None, shape[1] * shape[2]) if len(shape) == 4 else (None, None)

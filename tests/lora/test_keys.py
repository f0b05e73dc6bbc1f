"""Key names equal those that real sd-scripts writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lib_t2p.lora.keys import DOWN, UP, split_key, stems, text_encoder_targets, unet_targets

torch = pytest.importorskip("torch")


def leaves(model: Any) -> dict[str, Any]:
    kinds = (torch.nn.Linear, torch.nn.Conv2d)
    return {name: m for name, m in model.named_modules() if isinstance(m, kinds)}


def full_unet(**changes: Any) -> Any:
    from diffusers import UNet2DConditionModel

    with torch.device("meta"):
        return UNet2DConditionModel(sample_size=64, **changes)


def text_encoder(layers: int, width: int) -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel

    config = CLIPTextConfig(
        hidden_size=width,
        intermediate_size=4 * width,
        num_hidden_layers=layers,
        num_attention_heads=12 if width == 768 else 20,
    )
    with torch.device("meta"):
        return CLIPTextModel(config)


@pytest.fixture(scope="module")
def sdxl_unet() -> Any:
    return full_unet(
        block_out_channels=(320, 640, 1280),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        transformer_layers_per_block=[1, 2, 10],
        attention_head_dim=[5, 10, 20],
        cross_attention_dim=2048,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=256,
        projection_class_embeddings_input_dim=2816,
    )


def test_sd15_keys_and_shapes_equal_those_of_sd_scripts(shared: Path) -> None:
    contract = json.loads(
        (shared / "contracts/sd-scripts/lora-sd15-rank4.keys.json").read_text(encoding="utf-8")
    )
    unet, encoder = full_unet(cross_attention_dim=768), text_encoder(12, 768)
    modules = {**leaves(unet), **{f"te:{n}": m for n, m in leaves(encoder).items()}}
    targets = dict(unet_targets(leaves(unet), "sd15").attention)
    names = text_encoder_targets(leaves(encoder), "sd15")
    targets |= {stem: f"te:{name}" for stem, name in names.items()}
    ours: dict[str, list[int]] = {}
    for stem, name in targets.items():
        weight = modules[name].weight
        ones = [1] * (weight.ndim - 2)
        ours[f"{stem}.alpha"] = []
        ours[stem + DOWN] = [4, weight.shape[1], *ones]
        ours[stem + UP] = [weight.shape[0], 4, *ones]
    assert ours == contract


def test_sdxl_has_722_unet_and_72_plus_192_text_encoder_modules(sdxl_unet: Any) -> None:
    assert len(unet_targets(leaves(sdxl_unet), "sdxl").attention) == 722
    first = text_encoder_targets(leaves(text_encoder(12, 768)), "sdxl", 1)
    second = text_encoder_targets(leaves(text_encoder(32, 1280)), "sdxl", 2)
    assert (len(first), len(second)) == (72, 192)
    assert "lora_te1_text_model_encoder_layers_11_mlp_fc2" in first
    assert "lora_te2_text_model_encoder_layers_31_self_attn_out_proj" in second


@pytest.mark.parametrize(
    ("stem", "module"),
    [
        (
            "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q",
            "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q",
        ),
        ("lora_unet_input_blocks_8_1_proj_in", "down_blocks.2.attentions.1.proj_in"),
        ("lora_unet_middle_block_1_proj_out", "mid_block.attentions.0.proj_out"),
        ("lora_unet_output_blocks_5_1_proj_out", "up_blocks.1.attentions.2.proj_out"),
        ("lora_unet_input_blocks_1_0_in_layers_2", "down_blocks.0.resnets.0.conv1"),
        ("lora_unet_input_blocks_7_0_skip_connection", "down_blocks.2.resnets.0.conv_shortcut"),
        ("lora_unet_input_blocks_3_0_op", "down_blocks.0.downsamplers.0.conv"),
        ("lora_unet_middle_block_2_out_layers_3", "mid_block.resnets.1.conv2"),
        ("lora_unet_output_blocks_2_2_conv", "up_blocks.0.upsamplers.0.conv"),
        ("lora_unet_output_blocks_8_0_emb_layers_1", "up_blocks.2.resnets.2.time_emb_proj"),
    ],
)
def test_sdxl_blocks_have_the_names_of_the_original_release(
    sdxl_unet: Any, stem: str, module: str
) -> None:
    assert unet_targets(leaves(sdxl_unet), "sdxl").all[stem] == module


def test_no_stem_is_given_twice(sdxl_unet: Any) -> None:
    every = unet_targets(leaves(sdxl_unet), "sdxl").all
    assert len(set(every.values())) == len(every)


def test_a_key_parts_at_its_first_dot() -> None:
    assert split_key("lora_te_a_b.lora_up.weight") == ("lora_te_a_b", ".lora_up.weight")
    assert stems(["b.alpha", "a.alpha", "b.lora_up.weight"]) == ["a", "b"]

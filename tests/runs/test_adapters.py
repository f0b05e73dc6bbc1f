"""The LoRA that peft puts into full-size models has sd-scripts' keys and shapes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lib_t2p.settings.settings import settings_from

torch = pytest.importorskip("torch")

from lib_t2p.runs.trainers.builtin.adapters import AdapterNetwork, add_network  # noqa: E402


def text_encoder(width: int, layers: int) -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel

    config = CLIPTextConfig(
        hidden_size=width,
        intermediate_size=4 * width,
        num_hidden_layers=layers,
        num_attention_heads=width // 64,
    )
    return CLIPTextModel(config)


def shapes(network: AdapterNetwork) -> dict[str, list[int]]:
    return {name: list(tensor.shape) for name, tensor in network.tensors().items()}


def test_full_size_sd15_equals_what_sd_scripts_writes(shared: Path) -> None:
    from diffusers import UNet2DConditionModel

    path = shared / "contracts/sd-scripts/lora-sd15-rank4.keys.json"
    with torch.device("meta"):
        unet = UNet2DConditionModel(sample_size=64, cross_attention_dim=768)
        network = add_network("sd15", unet, [text_encoder(768, 12)], settings_from({}))
    assert shapes(network) == json.loads(path.read_text(encoding="utf-8"))


def test_full_size_sdxl_has_all_986_modules() -> None:
    from diffusers import UNet2DConditionModel

    settings = settings_from({"network_dim": 8, "network_alpha": 0})
    with torch.device("meta"):
        unet = UNet2DConditionModel(
            sample_size=128,
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
        encoders = [text_encoder(768, 12), text_encoder(1280, 32)]
        network = add_network("sdxl", unet, encoders, settings)
    assert (len(network.text), len(network.unet)) == (72 + 192, 722)
    # An alpha of 0 means the rank, as in sd-scripts.
    assert {adapter.alpha for adapter in network.adapters} == {8.0}
    key = "lora_unet_output_blocks_0_1_transformer_blocks_9_attn2_to_k.lora_down.weight"
    assert shapes(network)[key] == [8, 2048]


def test_convolutions_have_their_own_rank_and_alpha() -> None:
    from diffusers import UNet2DConditionModel

    arguments = ["conv_dim=2", "conv_alpha=0.5"]
    settings = settings_from({"network_dim": 8, "network_alpha": 3, "network_args": arguments})
    with torch.device("meta"):
        unet = UNet2DConditionModel(sample_size=64, cross_attention_dim=768)
        network = add_network("sd15", unet, [], settings)
    found = {a.stem: (a.down.shape[0], a.alpha) for a in network.unet}
    assert found["lora_unet_mid_block_resnets_1_conv2"] == (2, 0.5)
    assert found["lora_unet_up_blocks_1_upsamplers_0_conv"] == (2, 0.5)
    assert found["lora_unet_up_blocks_1_resnets_0_conv_shortcut"] == (8, 3.0)
    assert found["lora_unet_mid_block_attentions_0_proj_in"] == (8, 3.0)

"""Family and kind of a LoRA are told from names and shapes, whoever wrote the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from header_fakes import conv, kohya, loha, lokr, pair, peft, write_shapes

from lib_t2p.errors import LoraError
from lib_t2p.lora.family import check_family, check_lora
from lib_t2p.lora.header import read_header
from lib_t2p.lora.recognising import recognise_lora

U, T = "lora_unet_", "text_model_encoder_layers_0_"
ONE = "down_blocks_1_attentions_0_transformer_blocks_0_"
"""A block that SD1.5, SD2 and SDXL all have, 640 wide."""
OUTER = "down_blocks_0_attentions_0_transformer_blocks_0_"
DEEP = "down_blocks_2_attentions_1_transformer_blocks_7_"
XL = "input_blocks_4_1_transformer_blocks_0_"
UNET = "unet.down_blocks.1.attentions.0.transformer_blocks.0."
MID = "unet.mid_block.attentions.0.transformer_blocks.3."
LAYER = "text_model.encoder.layers.0."
FLUX = "transformer.single_transformer_blocks.0."


def both(*parts: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    return {name: shape for part in parts for name, shape in part.items()}


HEADERS: dict[str, tuple[dict[str, tuple[int, ...]], str, str]] = {
    # kohya, SD1.5
    "cross-attention 768": (kohya(f"{U}{ONE}attn2_to_k", 768, 640), "LoRA", "sd15"),
    "self-attention only": (kohya(f"{U}{OUTER}attn1_to_q", 320, 320), "LoRA", "sd15"),
    "feed-forward of the outer blocks": (
        kohya(f"{U}{OUTER}ff_net_0_proj", 320, 2560), "LoRA", "sd15"),
    "convolutions of the fourth block": (
        conv(f"{U}down_blocks_3_resnets_0_conv1", 1280, 1280), "LoCon", "sd15"),
    "convolutions on the way up": (
        conv(f"{U}up_blocks_1_resnets_1_conv1", 2560, 1280), "LoCon", "sd15"),
    "self-attention on the way up, 1280 wide": (
        kohya(f"{U}up_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q", 1280, 1280),
        "LoRA", "sd15"),
    "text encoder alone, CLIP-L": (kohya(f"lora_te_{T}mlp_fc1", 768, 3072), "LoRA", "sd15"),
    "the original release's names, 320 wide": (
        kohya(f"{U}input_blocks_1_1_transformer_blocks_0_attn1_to_q", 320, 320), "LoRA", "sd15"),
    # SD2
    "cross-attention 1024": (kohya(f"{U}{ONE}attn2_to_k", 1024, 640), "LoRA", "sd2"),
    "text encoder alone, OpenCLIP-H": (kohya(f"lora_te_{T}mlp_fc1", 1024, 4096), "LoRA", "sd2"),
    "self-attention and OpenCLIP-H": (
        both(kohya(f"{U}{OUTER}attn1_to_q", 320, 320),
             kohya(f"lora_te_{T}self_attn_q_proj", 1024, 1024)), "LoRA", "sd2"),
    # SDXL
    "SDXL, cross-attention": (kohya(f"{U}{XL}attn2_to_v", 2048, 640), "LoRA", "sdxl"),
    "SDXL, self-attention, original names": (kohya(f"{U}{XL}attn1_to_q", 640, 640), "LoRA", "sdxl"),
    "SDXL, diffusers' names, cross-attention": (
        kohya(f"{U}{ONE}attn2_to_k", 2048, 640), "LoRA", "sdxl"),
    "SDXL, self-attention of a deep layer": (
        kohya(f"{U}{DEEP}attn1_to_q", 1280, 1280), "LoRA", "sdxl"),
    "SDXL, feed-forward of a deep layer": (
        kohya(f"{U}{DEEP}ff_net_0_proj", 1280, 10240), "LoRA", "sdxl"),
    "SDXL, the second of two layers": (
        kohya(f"{U}down_blocks_1_attentions_0_transformer_blocks_1_attn1_to_q", 640, 640),
        "LoRA", "sdxl"),
    "SDXL, attention in the first block up": (
        kohya(f"{U}up_blocks_0_attentions_1_transformer_blocks_0_ff_net_2", 5120, 1280),
        "LoRA", "sdxl"),
    "SDXL, attention 640 wide on the way up": (
        kohya(f"{U}up_blocks_1_attentions_1_transformer_blocks_0_attn1_to_q", 640, 640),
        "LoRA", "sdxl"),
    "SDXL, convolutions on the way up": (
        conv(f"{U}up_blocks_1_resnets_0_conv1", 1920, 640), "LoCon", "sdxl"),
    "SDXL, second text encoder alone": (
        kohya(f"lora_te2_{T}self_attn_q_proj", 1280, 1280), "LoRA", "sdxl"),
    "SDXL, both text encoders": (
        both(kohya(f"lora_te1_{T}mlp_fc1", 768, 3072), kohya(f"lora_te2_{T}mlp_fc1", 1280, 5120)),
        "LoRA", "sdxl"),
    "SDXL's refiner": (
        kohya(f"{U}input_blocks_4_1_transformer_blocks_0_attn1_to_q", 768, 768),
        "LoRA", "sdxl-refiner"),
    # diffusers and PEFT
    "PEFT, SD1.5": (peft(f"{UNET}attn2.to_k", 768, 640), "LoRA", "sd15"),
    "PEFT, SDXL": (peft(f"{UNET}attn2.to_k", 2048, 640), "LoRA", "sdxl"),
    "PEFT, SDXL, self-attention": (peft(f"{MID}attn1.to_out.0", 1280, 1280), "LoRA", "sdxl"),
    "PEFT of a bare U-Net with an adapter's name": (
        {f"base_model.model.{UNET[5:]}attn2.to_k.lora_A.default.weight": (4, 768),
         f"base_model.model.{UNET[5:]}attn2.to_k.lora_B.default.weight": (640, 4)},
        "LoRA", "sd15"),
    "attention processors of diffusers": (
        pair(f"{UNET}attn2.processor.to_v", "_lora.", 768, 640), "LoRA", "sd15"),
    "attention processors, SDXL": (
        pair(f"{MID}attn1.processor.to_out", "_lora.", 1280, 1280), "LoRA", "sdxl"),
    "diffusers' lora.down": (pair(f"{UNET}attn2.to_q", ".lora.", 640, 640)
        | pair(f"{UNET}attn2.to_k", ".lora.", 2048, 640), "LoRA", "sdxl"),
    "diffusers' text encoders of SDXL": (
        both(pair(f"text_encoder.{LAYER}self_attn.q_proj", ".lora_linear_layer.", 768, 768),
             pair(f"text_encoder_2.{LAYER}self_attn.q_proj", ".lora_linear_layer.", 1280, 1280)),
        "LoRA", "sdxl"),
    "diffusers' first text encoder alone": (
        pair(f"text_encoder.{LAYER}self_attn.q_proj", ".lora_linear_layer.", 768, 768),
        "LoRA", "unknown"),
    # LyCORIS
    "LoHa, SD1.5": (loha(f"{U}{ONE}attn2_to_k", 768, 640), "LoHa", "sd15"),
    "LoHa, SDXL": (loha(f"{U}{XL}attn2_to_k", 2048, 640), "LoHa", "sdxl"),
    "LoHa, convolution with Tucker cores": (
        {f"{U}down_blocks_3_resnets_0_conv1.{n}": s for n, s in {
            "hada_t1": (4, 4, 3, 3), "hada_w1_a": (4, 1280), "hada_w1_b": (4, 1280)}.items()},
        "LoHa", "sd15"),
    "LoKr, SD2": (lokr(f"{U}{ONE}attn2_to_k", 1024, 640), "LoKr", "sd2"),
    "LoKr, SDXL, self-attention": (lokr(f"{U}{DEEP}attn1_to_q", 1280, 1280), "LoKr", "sdxl"),
    "LoKr with a whole second matrix": (
        {f"{U}{ONE}attn2_to_k.lokr_w1": (8, 16), f"{U}{ONE}attn2_to_k.lokr_w2": (80, 48)},
        "LoKr", "sd15"),
    "DoRA": (both(kohya(f"{U}{XL}attn2_to_k", 2048, 640),
                  {f"{U}{XL}attn2_to_k.dora_scale": (1, 2048)}), "LoRA with DoRA", "sdxl"),
    "PEFT's DoRA": (both(peft(f"{UNET}attn2.to_k", 768, 640),
                         {f"{UNET}attn2.to_k.lora_magnitude_vector": (640,)}),
                    "LoRA with DoRA", "sd15"),
    "whole differences": ({f"{U}{ONE}attn2_to_k.diff": (640, 768),
                           f"{U}{ONE}attn2_to_k.diff_b": (640,)}, "full difference", "sd15"),
    "IA3": ({f"{U}{ONE}attn2_to_k.weight": (1, 768), f"{U}{ONE}attn2_to_k.on_input": ()},
            "IA3", "sd15"),
    "IA3 on what is given": (
        {f"{U}{DEEP}attn1_to_k.weight": (1280, 1), f"{U}{DEEP}attn1_to_k.on_input": ()},
        "IA3", "sdxl"),
    "OFT": ({f"oft_unet_{DEEP}attn1_to_q.oft_blocks": (4, 320, 320)}, "OFT", "sdxl"),
    "BOFT": ({f"{U}{OUTER}attn1_to_q.oft_blocks": (3, 40, 8, 8)}, "BOFT", "sd15"),
    "GLoRA": ({f"{U}{ONE}attn2_to_k.{n}.weight": s for n, s in {
        "a1": (4, 768), "a2": (768, 4), "b1": (4, 768), "b2": (640, 4)}.items()}, "GLoRA", "sd15"),
    "norms beside LoRA": (both(kohya(f"{U}{ONE}attn2_to_k", 768, 640),
                               {f"{U}{ONE}norm1.w_norm": (640,)}), "LoRA", "sd15"),
    "LoCon with Tucker cores": (
        {f"{U}up_blocks_0_resnets_2_conv1.{n}.weight": s for n, s in {
            "lora_down": (4, 1920, 1, 1), "lora_mid": (4, 4, 3, 3),
            "lora_up": (1280, 4, 1, 1)}.items()}, "LoCon with Tucker cores", "sdxl"),
    # others
    "SD3, kohya": (kohya(f"{U}joint_blocks_0_context_block_attn_qkv", 1536, 4608), "LoRA", "sd3"),
    "SD3, diffusers": (
        peft("transformer.transformer_blocks.3.attn.to_q", 1536, 1536), "LoRA", "sd3"),
    "SD3.5 large": (
        peft("transformer.transformer_blocks.30.attn.add_q_proj", 2432, 2432), "LoRA", "sd3"),
    "Flux, kohya": (kohya(f"{U}double_blocks_0_img_attn_qkv", 3072, 9216), "LoRA", "flux"),
    "Flux, single blocks": (kohya(f"{U}single_blocks_37_linear1", 3072, 21504), "LoRA", "flux"),
    "Flux, diffusers": (
        peft("transformer.transformer_blocks.0.attn.to_k", 3072, 3072), "LoRA", "flux"),
    "Flux, ai-toolkit": (peft(f"{FLUX}attn.to_q", 3072, 3072), "LoRA", "flux"),
    "Flux, ComfyUI": (
        peft("diffusion_model.double_blocks.4.img_attn.qkv", 3072, 9216), "LoRA", "flux"),
    "Flux, OneTrainer": (
        kohya("lora_transformer_single_transformer_blocks_0_attn_to_q", 3072, 3072),
        "LoRA", "flux"),
    "Flux, XLabs": (
        {"double_blocks.0.processor.qkv_lora1.down.weight": (16, 3072),
         "double_blocks.0.processor.qkv_lora1.up.weight": (9216, 16)}, "LoRA", "flux"),
    "Flux with CLIP-L": (
        both(kohya(f"{U}double_blocks_0_img_attn_qkv", 3072, 9216),
             kohya(f"lora_te1_{T}mlp_fc1", 768, 3072)), "LoRA", "flux"),
    "Flux, LoKr of LyCORIS": (
        lokr("lycoris_transformer_blocks_0_attn_to_q", 3072, 3072), "LoKr", "flux"),
    "Flux.2": (peft("diffusion_model.double_blocks.0.img_attn.qkv", 6144, 18432), "LoRA", "flux2"),
    "Chroma": (
        kohya(f"{U}distilled_guidance_layer_layers_0_in_layer", 5120, 5120), "LoRA", "chroma"),
    "HunyuanVideo": (
        kohya(f"{U}double_blocks_0_img_mlp_fc1", 3072, 12288), "LoRA", "hunyuan-video"),
    "Qwen-Image": (
        peft("diffusion_model.transformer_blocks.59.attn.to_q", 3072, 3072), "LoRA", "qwen-image"),
    "Wan": (peft("diffusion_model.blocks.0.self_attn.q", 5120, 5120), "LoRA", "wan"),
    "Lumina": (peft("diffusion_model.layers.0.attention.qkv", 2304, 6912), "LoRA", "lumina"),
    "AnimateDiff": (
        pair("down_blocks.0.motion_modules.0.temporal_transformer.transformer_blocks.0."
             "attention_blocks.0.processor.to_q", "_lora.", 320, 320), "LoRA", "animatediff"),
    "HunyuanVideo, diffusers": (
        both(peft("transformer.transformer_blocks.0.attn.to_q", 3072, 3072),
             peft("transformer.context_embedder.token_refiner.refiner_blocks.0.attn.to_q",
                  3072, 3072)), "LoRA", "hunyuan-video"),
    "raw PEFT parameters without a module": (
        {f"{UNET}attn2.to_k.lora_A": (4, 768), f"{UNET}attn2.to_k.lora_B": (640, 4)},
        "LoRA", "sd15"),
    "kohya's names with an adapter's": (
        {f"{U}{XL}attn2_to_k.lora_down.default.weight": (4, 2048),
         f"{U}{XL}attn2_to_k.lora_up.default.weight": (640, 4)}, "LoRA", "sdxl"),
    "OneTrainer's older names": (
        kohya(f"lora_unet.{UNET[5:]}attn2.to_k", 768, 640)
        | kohya(f"lora_te.{LAYER}mlp.fc1", 768, 3072), "LoRA", "sd15"),
    # nothing that tells
    "a language model": (
        peft("base_model.model.model.layers.0.self_attn.q_proj", 4096, 4096), "LoRA", "unknown"),
    "one block that three families share": (
        kohya(f"{U}{ONE}attn1_to_q", 640, 640), "LoRA", "unknown"),
    "a U-Net of other widths": (kohya(f"{U}{ONE}attn1_to_q", 896, 896), "LoRA", "unknown"),
    "a text of another width": (kohya(f"{U}{ONE}attn2_to_k", 4096, 640), "LoRA", "unknown"),
    "a video transformer": (
        peft("transformer.transformer_blocks.0.attn1.to_q", 2048, 2048), "LoRA", "unknown"),
    "first text encoder alone": (kohya(f"lora_te1_{T}mlp_fc1", 768, 3072), "LoRA", "unknown"),
    "layers of two families": (
        both(kohya(f"{U}{OUTER}attn1_to_q", 320, 320), kohya(f"{U}{DEEP}attn1_to_q", 1280, 1280)),
        "LoRA", "unknown"),
}  # fmt: skip


@pytest.mark.parametrize(("shapes", "kind", "family"), HEADERS.values(), ids=list(HEADERS))
def test_kind_and_family_are_told_by_names_and_shapes(
    shapes: dict[str, tuple[int, ...]], kind: str, family: str, tmp_path: Path
) -> None:
    told = recognise_lora(read_header(write_shapes(tmp_path / "a.safetensors", shapes)))
    assert (told.kind, told.family) == (kind, family)


@pytest.mark.parametrize(("shapes", "kind", "family"), HEADERS.values(), ids=list(HEADERS))
@pytest.mark.parametrize(("base", "title"), [("sd15", "SD1.5"), ("sdxl", "SDXL")])
def test_only_loras_of_the_same_family_are_taken(
    shapes: dict[str, tuple[int, ...]], kind: str, family: str, base: Any, title: str,
    tmp_path: Path,
) -> None:  # fmt: skip
    path = write_shapes(tmp_path / "a.safetensors", shapes)
    if family == base:
        check_family(path, base)
        return
    with pytest.raises(LoraError, match=f"the base checkpoint is {title}") as caught:
        check_family(path, base)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
@pytest.mark.parametrize("part", ["attn1", "ff", "resnets", "proj_in"])
def test_every_part_of_a_real_unet_is_told(family: str, part: str, tmp_path: Path) -> None:
    torch, diffusers = pytest.importorskip("torch"), pytest.importorskip("diffusers")
    large = {
        "block_out_channels": (320, 640, 1280),
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        "transformer_layers_per_block": (1, 2, 10),
        "cross_attention_dim": 2048,
    }
    options = large if family == "sdxl" else {"cross_attention_dim": 768}
    with torch.device("meta"):
        unet = diffusers.UNet2DConditionModel(**options)
    shapes: dict[str, tuple[int, ...]] = {}
    for name, module in unet.named_modules():
        if hasattr(module, "weight") and f"{part}." in f"{name}." and "_blocks." in name:
            weight = module.weight.shape
            if len(weight) > 1:
                shapes |= peft(f"unet.{name}", weight[1], weight[0])
    assert shapes
    assert check_lora(write_shapes(tmp_path / "a.safetensors", shapes)).family == family


@pytest.mark.parametrize(
    ("version", "family"),
    [("sd_v1", "sd15"), ("sdxl_base_v1-0", "sdxl"), ("sd_v2_768_v", "sd2"), ("flux1", "unknown")],
)
def test_metadata_decide_only_among_what_the_shapes_allow(
    version: str, family: str, tmp_path: Path
) -> None:
    shapes = kohya(f"{U}{ONE}attn1_to_q", 640, 640)
    path = write_shapes(tmp_path / "a.safetensors", shapes, ss_base_model_version=version)
    assert check_lora(path).family == family


def test_a_file_that_mixes_families_says_so(tmp_path: Path) -> None:
    shapes = HEADERS["layers of two families"][0]
    told = check_lora(write_shapes(tmp_path / "a.safetensors", shapes))
    assert "it mixes layers of SD1.5, SD2 and SDXL" in told.title


OTHERS = {
    "an IP-Adapter": {"image_proj.proj.weight": (3072, 1024), "ip_adapter.1.to_k_ip.weight": (4, 4),
                      "ip_adapter.0.to_q_lora.down.weight": (128, 320)},
    "a ControlNet": {"control_model.input_hint_block.0.weight": (16, 3, 3, 3)},
    "a Control-LoRA of ControlNet": {"lora_controlnet": (), "input_blocks.0.0.up": (4, 4)},
    "a ControlNet-LLLite": {"lllite_unet_input_blocks_4_1.down.0.weight": (4, 4)},
    "a textual inversion embedding": {"emb_params": (8, 768)},
    "a hypernetwork": {"768.0.linear.0.weight": (1536, 768)},
    "a checkpoint": {"model.diffusion_model.input_blocks.0.0.weight": (320, 4, 3, 3)},
    "a VAE": {"first_stage_model.encoder.conv_in.weight": (128, 3, 3, 3)},
    "a text encoder": {"text_model.encoder.layers.0.mlp.fc1.weight": (3072, 768)},
    "a U-Net without its text encoder and VAE": {"down_blocks.0.resnets.0.conv1.weight": (4, 4)},
    "a transformer (Flux, SD3 or the like) without its text encoder and VAE": {
        "double_blocks.0.img_attn.qkv.weight": (9, 3)},
    "an upscaler": {"conv_first.weight": (64, 3, 3, 3)},
    "a PhotoMaker file, which holds more than a LoRA": {
        "id_encoder.visual_projection.weight": (4, 4),
        "lora_weights.unet.down_blocks.0.attn1.processor.to_q_lora.down.weight": (4, 4)},
    "a LoRA in the oldest format (cloneofsimo's), which no WebUI reads": {
        "unet:0:up": (320, 4), "unet:0:down": (4, 320)},
    "a small VAE for previews": {"decoder.layers.0.weight": (64, 4, 3, 3)},
    "a language model": {"model.layers.0.self_attn.q_proj.weight": (4, 4)},
    "a T2I-Adapter": {"adapter.body.0.resnets.0.block1.weight": (4, 4)},
}  # fmt: skip


@pytest.mark.parametrize(("kind", "shapes"), OTHERS.items(), ids=list(OTHERS))
def test_what_is_no_lora_is_named_as_what_it_is(
    kind: str, shapes: dict[str, tuple[int, ...]], tmp_path: Path
) -> None:
    path = write_shapes(tmp_path / "other.safetensors", shapes)
    with pytest.raises(LoraError) as caught:
        check_family(path, "sd15")
    assert f"holds no LoRA, it is {kind}:" in str(caught.value)


def test_embeddings_for_both_encoders_of_sdxl_are_named(tmp_path: Path) -> None:
    shapes = {"clip_l": (4, 768), "clip_g": (4, 1280)}
    told = recognise_lora(read_header(write_shapes(tmp_path / "a.safetensors", shapes)))
    assert told.instead == "a textual inversion embedding"


@pytest.mark.parametrize(
    "shapes",
    [
        kohya(f"{U}{ONE}attn2_to_k", 768, 640),
        {f"{U}{ONE}attn2_to_k.diff": (640, 768)},
        pair(f"{UNET}attn2.processor.to_v", "_lora.", 768, 640),
        loha(f"{U}{ONE}attn2_to_k", 768, 640),
        {f"{U}{OUTER}attn1_to_q.oft_blocks": (4, 80, 80)},
    ],
    ids=["LoRA", "whole differences", "processors", "LoHa", "OFT"],
)
def test_a_lora_that_carries_an_embedding_is_a_lora(
    shapes: dict[str, tuple[int, ...]], tmp_path: Path
) -> None:
    shapes = shapes | {"bundle_emb.ohwx.string_to_param.*": (4, 768)}
    assert check_lora(write_shapes(tmp_path / "a.safetensors", shapes)).family == "sd15"


@pytest.mark.parametrize(
    ("case", "name", "family"),
    [
        ("10-sdxl-lora-without-cross-attention", "xl_mlp_only_diffusers", "sdxl"),
        ("10-sdxl-lora-without-cross-attention", "xl_slider_attn1_diffusers", "sdxl"),
        ("13-loras-of-other-families", "flux_kohya", "flux"),
        ("13-loras-of-other-families", "flux_peft", "flux"),
        ("13-loras-of-other-families", "sd2_kohya", "sd2"),
        ("13-loras-of-other-families", "sd3_kohya", "sd3"),
    ],
)
def test_public_cases_are_told(shared: Path, case: str, name: str, family: str) -> None:
    path = shared / "cases" / case / f"{name}.safetensors"
    if not path.is_file():
        pytest.skip("../shared/cases is not here")
    assert check_lora(path).family == family

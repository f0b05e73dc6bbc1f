"""LoRAs go into the weights and out of them again, bit by bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402

from lib_t2p.diffusion.lora_merge import MergedLoras, lora_modules, merged  # noqa: E402
from lib_t2p.errors import LoraError  # noqa: E402


def write_lora(path: Path, checkpoint: Any, rank: int = 2, alpha: float | None = 1.0) -> Path:
    """A LoRA over every module that there is, convolutions and text encoders too."""
    torch.manual_seed(3)
    tensors = {}
    for stem, module in lora_modules(checkpoint).items():
        shape = module.weight.shape
        ones = (1,) * (len(shape) - 2)
        tensors[f"{stem}.lora_down.weight"] = torch.randn(rank, *shape[1:]) * 0.1
        tensors[f"{stem}.lora_up.weight"] = torch.randn(shape[0], rank, *ones) * 0.1
        if alpha is not None:
            tensors[f"{stem}.alpha"] = torch.tensor(alpha)
    save_file(tensors, path)
    return path


def all_weights(checkpoint: Any) -> dict[str, Any]:
    models = [checkpoint.unet, *checkpoint.text_encoders]
    return {
        f"{n}.{name}": tensor.clone()
        for n, model in enumerate(models)
        for name, tensor in model.state_dict().items()
    }


def same(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return all(torch.equal(tensor, second[name]) for name, tensor in first.items())


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
def test_weights_come_back_bit_by_bit(
    family: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    checkpoint = request.getfixturevalue(family)
    before = all_weights(checkpoint)
    path = write_lora(tmp_path / "a.safetensors", checkpoint)
    with merged(checkpoint, [(path, 0.9)]):
        assert not same(before, all_weights(checkpoint))
    assert same(before, all_weights(checkpoint))


def test_the_formula_holds_for_linear_and_convolution(sd15: Any, tmp_path: Path) -> None:
    path = write_lora(tmp_path / "a.safetensors", sd15, rank=2, alpha=1.0)
    from safetensors.torch import load_file

    tensors = load_file(path)
    for stem in (
        "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_q",
        "lora_unet_mid_block_resnets_0_conv1",
        "lora_te_text_model_encoder_layers_0_mlp_fc1",
    ):
        module = lora_modules(sd15)[stem]
        before = module.weight.data.clone()
        down, up = (tensors[f"{stem}.lora_{d}.weight"] for d in ("down", "up"))
        delta = torch.einsum("or,r...->o...", up.flatten(1), down)
        with merged(sd15, [(path, 0.8)]):
            assert torch.allclose(module.weight, before + 0.8 * 0.5 * delta, atol=1e-6)


def test_a_file_given_twice_counts_with_the_sum(sd15: Any, tmp_path: Path) -> None:
    path = write_lora(tmp_path / "a.safetensors", sd15)
    with merged(sd15, [(path, 0.3), (path, 0.4)]):
        twice = all_weights(sd15)
    with merged(sd15, [(path, 0.7)]):
        once = all_weights(sd15)
    assert all(torch.allclose(t, once[n], atol=1e-6) for n, t in twice.items())


def test_without_alpha_the_rank_stands_for_it(sd15: Any, tmp_path: Path) -> None:
    plain = write_lora(tmp_path / "a.safetensors", sd15, rank=2, alpha=None)
    said = write_lora(tmp_path / "b.safetensors", sd15, rank=2, alpha=2.0)
    with merged(sd15, [(plain, 1.0)]):
        first = all_weights(sd15)
    with merged(sd15, [(said, 1.0)]):
        assert same(first, all_weights(sd15))


def test_a_half_precision_checkpoint_is_restored_exactly(sd15_folder: Path, tmp_path: Path) -> None:
    from lib_t2p.diffusion.checkpoint_loader import load_checkpoint

    checkpoint = load_checkpoint(sd15_folder, dtype=torch.float16)
    before = all_weights(checkpoint)
    path = write_lora(tmp_path / "a.safetensors", checkpoint)
    state = MergedLoras(checkpoint, [(path, 1.0)])
    assert not same(before, all_weights(checkpoint))
    state.restore()
    assert same(before, all_weights(checkpoint))


STEM = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_q"


@pytest.mark.parametrize(
    ("tensors", "reason"),
    [
        ({f"{STEM}.lora_down.weight": (2, 31), f"{STEM}.lora_up.weight": (32, 2)}, "does not fit"),
        ({f"{STEM}.lora_down.weight": (2, 32), f"{STEM}.lora_up.weight": (32, 3)}, "does not fit"),
        ({f"{STEM}.lora_down.weight": (2, 32)}, "has no lora_up"),
        ({"lora_unet_input_blocks_4_1_proj_in.lora_down.weight": (2, 2)}, "nothing that fits"),
        ({"fc.weight": (2, 2)}, "nothing that fits"),
        ({f"{STEM}.hada_w1_a": (2, 2)}, "LoHa"),
        ({f"{STEM}.dora_scale": (2, 2)}, "DoRA"),
        (
            {
                f"{STEM}.lora_down.weight": (2, 32),
                f"{STEM}.lora_up.weight": (32, 2),
                "lora_unet_mid_block_attentions_9_proj_in.lora_down.weight": (2, 32),
            },
            "1 parts that this checkpoint lacks",
        ),
    ],
)
def test_files_that_do_not_fit_are_named_and_change_nothing(
    tensors: dict[str, tuple[int, ...]], reason: str, sd15: Any, tmp_path: Path
) -> None:
    good = write_lora(tmp_path / "good.safetensors", sd15)
    bad = tmp_path / "bad.safetensors"
    save_file({name: torch.zeros(shape) for name, shape in tensors.items()}, bad)
    before = all_weights(sd15)
    with pytest.raises(LoraError, match=reason) as caught:
        MergedLoras(sd15, [(good, 1.0), (bad, 1.0)])
    assert "bad.safetensors" in str(caught.value)
    assert same(before, all_weights(sd15))


def test_a_damaged_file_is_refused(sd15: Any, tmp_path: Path) -> None:
    path = write_lora(tmp_path / "a.safetensors", sd15)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(LoraError, match="cut off"):
        MergedLoras(sd15, [(path, 1.0)])


def test_sdxl_files_with_diffusers_names_fit_too(sdxl: Any) -> None:
    modules = lora_modules(sdxl)
    theirs = "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q"
    ours = "lora_unet_input_blocks_3_1_transformer_blocks_0_attn1_to_q"
    assert modules[theirs] is modules[ours]

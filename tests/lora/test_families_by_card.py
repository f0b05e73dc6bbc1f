"""A person who knows the family of a LoRA can say so in the WebUI's card of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from header_fakes import kohya, write_shapes

from lib_t2p.actions.runs.loras import list_loras
from lib_t2p.errors import LoraError
from lib_t2p.lora.family import check_family, check_lora
from lib_t2p.lora.odd_weights import oddities
from lib_t2p.lora.summary import summarise
from lib_t2p.lora.trial import install_trial

BLOCK = "down_blocks_1_attentions_0_transformer_blocks_0_"
OPEN = kohya(f"lora_unet_{BLOCK}attn1_to_q", 640, 640)
"""A layer that SD1.5, SD2 and SDXL all have."""
SURE = kohya(f"lora_unet_{BLOCK}attn2_to_k", 768, 640)


def test_the_refusal_says_what_to_do(tmp_path: Path) -> None:
    path = write_shapes(tmp_path / "a.safetensors", OPEN)
    with pytest.raises(LoraError) as caught:
        check_family(path, "sdxl")
    assert "into a.json beside it; else choose a LoRA for SDXL" in str(caught.value)
    assert any('{"sd version": "SDXL"} into a.json' in told for told in oddities(summarise(path)))


@pytest.mark.parametrize(("word", "family"), [("SD1", "sd15"), ("SDXL", "sdxl")])
def test_the_card_decides_what_the_file_leaves_open(word: str, family: str, tmp_path: Path) -> None:
    path = write_shapes(tmp_path / "a.safetensors", OPEN)
    path.with_suffix(".json").write_text(f'{{"sd version": "{word}"}}', encoding="utf-8")
    assert check_lora(path).family == summarise(path).family == family
    (listed,) = list_loras(tmp_path)
    assert listed.family == family
    other = "sdxl" if family == "sd15" else "sd15"
    with pytest.raises(LoraError, match="was made for SD"):
        check_family(path, other)  # type: ignore[arg-type]


@pytest.mark.parametrize("card", ['{"sd version": "SDXL"}', "{broken", "[]", '{"sd version": 5}'])
def test_no_card_speaks_against_the_file(card: str, tmp_path: Path) -> None:
    path = write_shapes(tmp_path / "a.safetensors", SURE)
    path.with_suffix(".json").write_text(card, encoding="utf-8")
    assert check_lora(path).family == "sd15"


@pytest.mark.parametrize("card", ["{broken", "[]", '{"sd version": "Unknown"}', "{}"])
def test_a_card_that_tells_nothing_leaves_it_open(card: str, tmp_path: Path) -> None:
    path = write_shapes(tmp_path / "a.safetensors", OPEN)
    path.with_suffix(".json").write_text(card, encoding="utf-8")
    assert check_lora(path).family == "unknown"


def test_a_family_that_the_shapes_rule_out_is_no_way(tmp_path: Path) -> None:
    shapes = kohya("lora_te1_text_model_encoder_layers_0_mlp_fc1", 768, 3072)
    path = write_shapes(tmp_path / "a.safetensors", shapes)
    with pytest.raises(
        LoraError, match="not tell, and the base checkpoint is SD1.5: choose a LoRA"
    ):
        check_family(path, "sd15")
    with pytest.raises(LoraError, match='"sd version": "SDXL"'):
        check_family(path, "sdxl")


def test_the_card_goes_along_under_test_and_stays_what_it_was(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    path = write_shapes(tmp_path / "mine" / "a.safetensors", OPEN)
    card = path.with_suffix(".json")
    card.write_text('{"sd version": "SDXL", "notes": "mine"}', encoding="utf-8")
    before = card.read_bytes()
    placed = install_trial(path, tmp_path / "Lora", "t2p_a")
    assert check_lora(placed).family == "sdxl"
    assert card.read_bytes() == before
    assert not card.samefile(placed.with_suffix(".json"))
    sure = write_shapes(tmp_path / "mine" / "b.safetensors", SURE)
    assert not install_trial(sure, tmp_path / "Lora", "t2p_b").with_suffix(".json").exists()

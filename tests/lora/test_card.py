"""The card beside a LoRA."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lib_t2p.errors import LoraError
from lib_t2p.lora.card import LoraCard, read_card, write_card


def test_the_webui_finds_its_keys(tmp_path: Path) -> None:
    lora = tmp_path / "ada.safetensors"
    lora.touch()
    card = LoraCard("A person", "SD1", "ada woman", 0.8, "blurry", "epoch 8")
    path = write_card(lora, card, b"png")
    body = json.loads(path.read_text(encoding="utf-8"))
    assert body["activation text"] == "ada woman"
    assert (body["sd version"], body["preferred weight"]) == ("SD1", 0.8)
    assert (tmp_path / "ada.png").read_bytes() == b"png"
    assert read_card(lora) == card


def test_keys_of_other_extensions_are_kept(tmp_path: Path) -> None:
    lora = tmp_path / "ada.safetensors"
    lora.touch()
    lora.with_suffix(".json").write_text('{"civitai": 5, "notes": "x", "preferred weight": ""}')
    card = read_card(lora)
    write_card(lora, card)
    assert json.loads(lora.with_suffix(".json").read_text())["civitai"] == 5
    assert (card.notes, card.preferred_weight) == ("x", 0.0)


def test_no_card_is_written_for_a_missing_lora(tmp_path: Path) -> None:
    with pytest.raises(LoraError, match="no LoRA"):
        write_card(tmp_path / "none.safetensors", LoraCard())


def test_a_damaged_card_is_named(tmp_path: Path) -> None:
    (tmp_path / "ada.json").write_text("[1]")
    with pytest.raises(LoraError, match=r"ada\.json"):
        read_card(tmp_path / "ada.safetensors")


def test_a_card_without_a_verdict_has_no_weight_at_all(tmp_path: Path) -> None:
    lora = tmp_path / "a.safetensors"
    lora.write_bytes(b"x")
    body = json.loads(write_card(lora, LoraCard(activation_text="ohwx woman")).read_text())
    assert "preferred weight" not in body
    assert body["activation text"] == "ohwx woman"


@pytest.mark.parametrize("weight", [float("nan"), float("inf")])
def test_a_weight_that_is_no_number_is_refused(tmp_path: Path, weight: float) -> None:
    lora = tmp_path / "a.safetensors"
    lora.touch()
    with pytest.raises(LoraError, match="is no number"):
        write_card(lora, LoraCard(preferred_weight=weight))
    assert not lora.with_suffix(".json").exists()
    lora.with_suffix(".json").write_text('{"preferred weight": NaN}')
    with pytest.raises(LoraError, match=r"a\.json is damaged"):
        read_card(lora)


def test_a_card_is_valid_json_whatever_others_wrote(tmp_path: Path) -> None:
    lora = tmp_path / "a.safetensors"
    lora.touch()
    others = {"score": float("nan"), "deep": [{"x": float("-inf")}], "half": "\ud800"}
    path = write_card(lora, LoraCard(notes="ok", others=others))

    def refused(name: str) -> None:
        raise AssertionError(name)

    body = json.loads(path.read_text(encoding="utf-8"), parse_constant=refused)
    assert (body["score"], body["deep"], body["half"]) == (None, [{"x": None}], "?")


def test_a_weight_that_no_float_holds_is_a_damaged_card(tmp_path: Path) -> None:
    lora = tmp_path / "a.safetensors"
    lora.touch()
    lora.with_suffix(".json").write_text(f'{{"preferred weight": {"9" * 400}}}')
    with pytest.raises(LoraError, match=r"a\.json is damaged"):
        read_card(lora)

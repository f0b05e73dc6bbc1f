from __future__ import annotations

import pytest

from lib_t2p.errors import PaintingError
from lib_t2p.painting.lora_tags import hypernetworks, lora_stems, split_lora_tags


@pytest.mark.parametrize(
    ("prompt", "plain", "tags"),
    [
        ("a  b ", "a  b ", []),
        ("<lora:x:0.9> (blh woman:1.2)", "(blh woman:1.2)", [("x", 0.9)]),
        ("a <lora:x>", "a", [("x", 1.0)]),
        ("<lora:growth_rate_1.02 (10):-0.5>", "", [("growth_rate_1.02 (10)", -0.5)]),
        ("<lora:x:0.3>a<lora:x:0.4>", "a", [("x", 0.3), ("x", 0.4)]),
        ("woman <lyco:abc:1>", "woman", [("abc", 1.0)]),
        ("<lora:a:0.5><lyco:a:0.5> b", "b", [("a", 0.5), ("a", 0.5)]),
        ("<hypernet:x:1> a", "a", []),
        ("woman <LORA:abc:1>", "woman", []),
        ("woman <loha:abc:1>", "woman", []),
        ("<checkpoint:x> a <width:512>", "a", []),
        ("1 < 2 : 3 > 2, <3, <b>, <x:>", "1 < 2 : 3 > 2, <3, <b>, <x:>", []),
    ],
)
def test_tags_leave_the_prompt(prompt: str, plain: str, tags: list[tuple[str, float]]) -> None:
    assert split_lora_tags(prompt) == (plain, tags)


@pytest.mark.parametrize(
    ("prompt", "reason"),
    [
        ("<lora:>", "names no LoRA"),
        ("<lora:x:much>", "no number"),
        ("<lora:x:nan>", "no number"),
        ("<lyco:x:inf>", "no number"),
        ("<lyco:>", "<lyco:> names no LoRA"),
        ("<lora:x:1:0.5>", "more than one weight"),
    ],
)
def test_tags_that_cannot_be_followed_are_refused(prompt: str, reason: str) -> None:
    with pytest.raises(PaintingError, match=reason):
        split_lora_tags(prompt)


def test_names_are_read_whatever_the_webui_takes_as_weights() -> None:
    prompt = "<lora:a:te=0.5:unet=1> <lyco:b:0.5:0.7:8> <lora:a> <hypernet:c:1>"
    assert lora_stems(prompt) == ["a", "b"]
    assert hypernetworks(prompt) == ["c"]

from __future__ import annotations

import pytest

from lib_t2p.errors import PaintingError
from lib_t2p.painting.lora_tags import split_lora_tags


@pytest.mark.parametrize(
    ("prompt", "plain", "tags"),
    [
        ("a  b ", "a  b ", []),
        ("<lora:x:0.9> (blh woman:1.2)", "(blh woman:1.2)", [("x", 0.9)]),
        ("a <lora:x>", "a", [("x", 1.0)]),
        ("<lora:growth_rate_1.02 (10):-0.5>", "", [("growth_rate_1.02 (10)", -0.5)]),
        ("<lora:x:0.3>a<lora:x:0.4>", "a", [("x", 0.3), ("x", 0.4)]),
        ("<hypernet:x:1> a", "<hypernet:x:1> a", []),
    ],
)
def test_tags_leave_the_prompt(prompt: str, plain: str, tags: list[tuple[str, float]]) -> None:
    assert split_lora_tags(prompt) == (plain, tags)


@pytest.mark.parametrize(
    ("prompt", "reason"),
    [
        ("<lora:>", "names no LoRA"),
        ("<lora:x:much>", "no number"),
        ("<lora:x:1:0.5>", "more than one weight"),
    ],
)
def test_tags_that_cannot_be_followed_are_refused(prompt: str, reason: str) -> None:
    with pytest.raises(PaintingError, match=reason):
        split_lora_tags(prompt)

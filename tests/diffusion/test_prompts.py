"""Emphasis, chunks, weights and clip skip as A1111 has them."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")

from lib_t2p.diffusion.chunks import cut_prompt  # noqa: E402
from lib_t2p.diffusion.emphasis import parse_emphasis  # noqa: E402
from lib_t2p.diffusion.prompts import encode, encode_tokens, tokenize  # noqa: E402
from lib_t2p.errors import PaintingError  # noqa: E402


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", [("", 1.0)]),
        ("plain words", [("plain words", 1.0)]),
        ("a (b) c", [("a ", 1.0), ("b", 1.1), (" c", 1.0)]),
        ("((b))", [("b", 1.21)]),
        ("[b]", [("b", 1 / 1.1)]),
        ("(b:1.3), c", [("b", 1.3), (", c", 1.0)]),
        ("(a (b:2) c:0.5)", [("a ", 0.5), ("b", 1.0), (" c", 0.5)]),
        ("(b:-0.5)", [("b", -0.5)]),
        (r"\(b\)", [("(b)", 1.0)]),
        ("(open", [("open", 1.1)]),
        ("close)", [("close)", 1.0)]),
        ("time 10:30", [("time 10:30", 1.0)]),
        ("a BREAK b", [("a", 1.0), ("BREAK", -1.0), ("b", 1.0)]),
        ("(a BREAK b:1.2)", [("a", 1.2), ("BREAK", -1.0), ("b", 1.2)]),
        ("(japanese, asian:1.5)\n\nbad", [("japanese, asian", 1.5), ("\n\nbad", 1.0)]),
    ],
)
def test_emphasis_is_parsed_as_in_the_webui(text: str, pieces: list[tuple[str, float]]) -> None:
    found = parse_emphasis(text)
    assert [t for t, _ in found] == [t for t, _ in pieces]
    assert [w for _, w in found] == pytest.approx([w for _, w in pieces])


def test_a_long_prompt_is_cut_into_chunks_of_75(sd15: Any) -> None:
    chunks = cut_prompt(sd15.tokenizers[0], "woman " * 160)
    assert [len(c.tokens) for c in chunks] == [75, 75, 10]


def test_a_full_chunk_ends_at_its_last_comma(sd15: Any) -> None:
    chunks = cut_prompt(sd15.tokenizers[0], "woman " * 65 + ", " + "red " * 20)
    assert [len(c.tokens) for c in chunks] == [66, 20]


def test_a_comma_too_far_back_does_not_end_a_chunk(sd15: Any) -> None:
    chunks = cut_prompt(sd15.tokenizers[0], "woman " * 54 + ", " + "red " * 30)
    assert [len(c.tokens) for c in chunks] == [75, 10]


def test_break_begins_a_new_chunk(sd15: Any) -> None:
    assert encode(sd15, ["red BREAK suit"]).context.shape == (1, 154, 32)


def test_shorter_prompts_are_filled_up_to_the_longest(sd15: Any) -> None:
    both = encode(sd15, ["red", "woman " * 80]).context
    assert both.shape == (2, 154, 32)
    assert torch.allclose(both[0, :77], encode(sd15, ["red"]).context[0], atol=1e-5)


def test_a_weight_changes_the_tokens_and_keeps_the_mean(sd15: Any) -> None:
    plain, heavy = encode(sd15, ["red suit"]).context, encode(sd15, ["red (suit:1.5)"]).context
    assert not torch.allclose(plain, heavy)
    assert float(heavy.mean()) == pytest.approx(float(plain.mean()), rel=1e-3, abs=1e-6)
    ratio = heavy[0, 2] / heavy[0, 1] / (plain[0, 2] / plain[0, 1])
    assert torch.allclose(ratio, torch.full_like(ratio, 1.5), rtol=1e-3)


def test_clip_skip_takes_an_earlier_layer_through_the_last_norm(sd15: Any) -> None:
    ids = tokenize(sd15, ["red suit"])[0]
    encoder = sd15.text_encoders[0]
    output = encoder(ids, output_hidden_states=True)
    assert torch.allclose(encode(sd15, ["red suit"], 1).context, output.last_hidden_state)
    wanted = encoder.text_model.final_layer_norm(output.hidden_states[-2])
    assert torch.allclose(encode(sd15, ["red suit"], 2).context, wanted)


def test_sdxl_joins_both_penultimate_layers_and_pools_the_second(sdxl: Any) -> None:
    ids = tokenize(sdxl, ["red suit"])
    outputs = [
        e(i, output_hidden_states=True) for e, i in zip(sdxl.text_encoders, ids, strict=True)
    ]
    found = encode(sdxl, ["red suit"], clip_skip=1)
    assert torch.allclose(
        found.context, torch.cat([o.hidden_states[-2] for o in outputs], -1), atol=1e-6
    )
    assert found.pooled is not None
    assert torch.allclose(found.pooled, outputs[1].text_embeds, atol=1e-6)


def test_sdxl_pools_the_first_chunk_of_a_long_prompt(sdxl: Any) -> None:
    found = encode(sdxl, ["red BREAK suit"])
    assert found.context.shape == (1, 154, 64)
    assert found.pooled is not None
    assert found.pooled.shape == (1, 32)


def test_sdxl_pads_its_second_tokenizer_with_another_token(sdxl: Any) -> None:
    first, second = tokenize(sdxl, ["red"])
    assert first[0, -1] == sdxl.tokenizers[0].eos_token_id
    assert second[0, -1] == 0


def test_an_impossible_clip_skip_names_the_range(sd15: Any) -> None:
    with pytest.raises(PaintingError, match="choose 1 to 3"):
        encode(sd15, ["red"], clip_skip=4)


def test_token_encoding_carries_gradients(sd15: Any) -> None:
    weight = sd15.text_encoders[0].text_model.encoder.layers[0].mlp.fc1.weight
    weight.requires_grad_(True)
    try:
        encode_tokens(sd15, tokenize(sd15, ["red suit"]), 2).context.sum().backward()
        assert weight.grad is not None
    finally:
        weight.requires_grad_(False)
        weight.grad = None


@pytest.mark.parametrize("chunks", [1, 2, 3])
def test_captions_for_training_are_cut_as_the_tokenizer_cuts_them(sd15: Any, chunks: int) -> None:
    tokenizer = sd15.tokenizers[0]
    for words in (0, 3, 75, 76, 200):
        caption = "woman " * words
        (ids,) = tokenize(sd15, [caption], chunks)[0].tolist()
        whole = tokenizer(
            caption, padding="max_length", max_length=75 * chunks + 2, truncation=True
        ).input_ids
        # As sd-scripts cuts a long row: the first mark, 75 tokens, the last token.
        cut = [[whole[0], *whole[75 * n + 1 : 75 * n + 76], whole[-1]] for n in range(chunks)]
        assert ids == [token for row in cut for token in row]

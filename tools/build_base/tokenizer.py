"""A small byte-pair vocabulary of the words that our captions use."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPTokenizer
from transformers.models.clip.tokenization_clip import bytes_to_unicode

VOCABULARY = 1200
"""Tokens at most, the alphabet included."""
LENGTH = 77
"""Tokens of a prompt, begin and end included, as in CLIP."""
MORE_WORDS = (
    "portrait picture drawing painting closeup selfie smiling standing outdoors beach city night "
    "studio young old happy person woman man girl boy face looking camera red light dark wearing "
    "jacket hat sunlight"
)
_BEGIN, _END = "<|startoftext|>", "<|endoftext|>"


def train_tokenizer(captions: Sequence[str], folder: Path) -> CLIPTokenizer:
    """Learn merges from captions and write a CLIP tokenizer; unknown words become letters."""
    letters = list(bytes_to_unicode().values())
    merges = _learn(sorted(set(captions)) + [MORE_WORDS] * 5, letters)
    tokens = letters + [letter + "</w>" for letter in letters]
    tokens += list(dict.fromkeys(a + b for a, b in merges if a + b not in set(tokens)))
    tokens += [_BEGIN, _END]
    folder.mkdir(parents=True, exist_ok=True)
    vocab = folder / "vocab.json"
    ids = {token: number for number, token in enumerate(tokens)}
    vocab.write_text(json.dumps(ids, ensure_ascii=False), encoding="utf-8")
    lines = ["#version: 0.2", *(f"{a} {b}" for a, b in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    tokenizer = CLIPTokenizer(str(vocab), str(folder / "merges.txt"), model_max_length=LENGTH)
    tokenizer.save_pretrained(folder)
    return tokenizer


def _learn(lines: Sequence[str], letters: Sequence[str]) -> list[tuple[str, str]]:
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix="</w>", unk_token=_END))
    tokenizer.normalizer = normalizers.Lowercase()
    words = Regex(r"[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(words, "removed", invert=True)
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        initial_alphabet=list(letters),
        end_of_word_suffix="</w>",
        show_progress=False,
        special_tokens=[],
    )
    tokenizer.train_from_iterator(lines, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    pairs = (m if isinstance(m, list) else m.split(" ") for m in model["merges"])
    return [(pair[0], pair[1]) for pair in pairs]

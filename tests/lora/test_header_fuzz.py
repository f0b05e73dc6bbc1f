"""Whatever stands in a file, its reader says one sentence or gives what is there."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from lora_fakes import write_lora

from lib_t2p.errors import LoraError
from lib_t2p.lora.odd_weights import oddities
from lib_t2p.lora.summary import summarise

WORDS = (b"0", b"-1", b"9" * 20, b"null", b"[", b"{", b'"', b"\\u0000", b"1e999", b"NaN")


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """A file with a few bytes or words of its header changed, or cut off."""
    length = 8 + int.from_bytes(data[:8], "little")
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(length)
        if chance.random() < 0.5:
            changed[at] = chance.randrange(256)
        else:
            word = chance.choice(WORDS)
            changed[at : at + len(word)] = word
    if chance.random() < 0.2:
        del changed[chance.randrange(len(changed)) :]
    return bytes(changed)


@pytest.mark.parametrize("seed", range(8))
def test_a_spoilt_file_is_one_sentence_or_a_summary(tmp_path: Path, seed: int) -> None:
    data = write_lora(tmp_path / "good.safetensors").read_bytes()
    chance = random.Random(seed)
    path = tmp_path / "spoilt.safetensors"
    refused = 0
    for _ in range(150):
        path.write_bytes(spoilt(data, chance))
        try:
            oddities(summarise(path))
        except LoraError as error:
            refused += 1
            assert "\n" not in str(error)
            assert "spoilt.safetensors" in str(error)
    assert refused > 0

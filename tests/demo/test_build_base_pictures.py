"""The pictures and the words that the tiny base learns from."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("skimage")
pytest.importorskip("tokenizers")

from tools.build_base.pictures import OTHERS, SIDE, TEXTURES, grey_faces, make_pool
from tools.build_base.portraits import draw_portrait
from tools.build_base.tokenizer import LENGTH, train_tokenizer

pytestmark = pytest.mark.slow

CAPTIONS = ["photo of a woman, red hair, blue suit", "photo of a man, bald, smiling"] * 3


def test_the_same_seed_draws_the_same_portrait_and_another_seed_another() -> None:
    faces = grey_faces()
    first, again, other = (
        draw_portrait(np.random.default_rng(seed), faces, SIDE) for seed in (3, 3, 4)
    )
    assert first[0].shape == (SIDE, SIDE, 3)
    assert first[0].dtype == np.uint8
    assert np.array_equal(first[0], again[0])
    assert first[1] == again[1]
    assert not np.array_equal(first[0], other[0])


def test_captions_name_the_kind_of_person_first() -> None:
    faces = grey_faces()
    captions = [draw_portrait(np.random.default_rng(i), faces, 48)[1] for i in range(12)]
    starts = {caption.split(",")[0] for caption in captions}
    assert starts <= {"photo of a woman", "photo of a man", "photo of a person"}
    assert len(set(captions)) > 8


def test_a_pool_is_drawn_once_and_then_read(tmp_path: Path) -> None:
    drawn = make_pool(2, tmp_path)
    assert len(drawn.pictures) == len(drawn.captions) == 2 + 60 * len(OTHERS)
    stamp = (tmp_path / "pool.npy").stat().st_mtime_ns
    read = make_pool(2, tmp_path)
    assert np.array_equal(drawn.pictures, read.pictures)
    assert (tmp_path / "pool.npy").stat().st_mtime_ns == stamp


def test_the_demo_person_is_no_source() -> None:
    assert "astronaut" not in {*TEXTURES, *(name for name, _ in OTHERS)}


def test_words_come_back_and_unknown_ones_fall_to_letters(tmp_path: Path) -> None:
    tokenizer = train_tokenizer(CAPTIONS, tmp_path)
    made = tokenizer("Photo of a nsprt woman", padding="max_length", max_length=LENGTH)
    ids = made.input_ids
    assert len(ids) == LENGTH
    assert ids[0] == tokenizer.bos_token_id
    assert tokenizer.decode(ids, skip_special_tokens=True) == "photo of a nsprt woman"
    assert len(tokenizer.tokenize("woman")) == 1
    assert len(tokenizer.tokenize("nsprt")) > 1
    assert tokenizer.unk_token_id not in tokenizer.convert_tokens_to_ids(
        tokenizer.tokenize("zyx-9")
    )

from __future__ import annotations

import pytest

from lib_t2p.plurals import counted, every, plural


@pytest.mark.parametrize(
    ("number", "words", "said"),
    [
        (1, "photo", "1 photo"),
        (0, "photo", "0 photos"),
        (2, "saved model", "2 saved models"),
        (1, "photo is", "1 photo is"),
        (3, "waiting run was", "3 waiting runs were"),
        (2, "person", "2 people"),
        (12, "copy", "12 copies"),
    ],
)
def test_one_is_singular_and_all_else_plural(number: int, words: str, said: str) -> None:
    assert counted(number, words) == said


def test_a_verb_goes_with_its_number() -> None:
    assert plural("is", 1) == "is" and plural("is", 2) == "are"


def test_what_comes_each_time_has_no_number() -> None:
    assert [every(n, "epoch") for n in (1, 2)] == ["every epoch", "every 2 epochs"]

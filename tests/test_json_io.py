import pytest

from lib_t2p.errors import InputError
from lib_t2p.json_io import loads, parse_json


@pytest.mark.parametrize(
    "text", ["{", "[" * 100_000, "9" * 5000, b"\xff\xfe\xfd", '{"a": 1} x', ""]
)
def test_what_cannot_be_read_is_a_sentence_that_names_it(text: str | bytes) -> None:
    with pytest.raises(InputError, match=r"^The list is "):
        parse_json(text, "The list")


@pytest.mark.parametrize("text", ["NaN", "[-Infinity]", r'"\ud800"', r'{"a": [{"\udfff": 1}]}'])
def test_strict_refuses_what_no_file_and_no_other_reader_takes(text: str) -> None:
    parse_json(text, "x")
    with pytest.raises(InputError):
        parse_json(text, "x", strict=True)


def test_a_whole_letter_of_two_escapes_is_none_of_them() -> None:
    assert parse_json(r'"\ud83d\ude00"', "x", strict=True) == "😀"


def test_a_whole_number_that_no_float_holds_is_refused() -> None:
    assert loads("[" + "9" * 300 + "]")[0] < float("inf")
    with pytest.raises(ValueError, match="a whole number of 301 digits"):
        loads("[" + "9" * 301 + "]")

import pytest

from lib_t2p.ranges import SHOWN, is_number, number_text, said, whole_number, within

HUGE = 10**400


@pytest.mark.parametrize("value", [True, float("nan"), float("inf"), -HUGE, HUGE, "1", None])
def test_only_numbers_of_a_range_lie_in_it(value: object) -> None:
    assert not within(value, 0, 1)


def test_bounds_lie_in_their_range() -> None:
    assert within(0, 0, 1) and within(1.0, 0, 1)
    assert is_number(HUGE) and not is_number(True)


def test_numbers_of_any_size_can_be_said() -> None:
    assert number_text(0.90) == "0.9"
    for text in (number_text(HUGE), said(HUGE), said(16**5000), said([16**5000])):
        assert 0 < len(text) <= SHOWN


def test_a_whole_number_is_what_fits_into_64_bits() -> None:
    assert [whole_number(t) for t in ("0", "007", "9" * 18)] == [0, 7, 10**18 - 1]
    for text in ("", "-1", "1.0", "²", "٣", "9" * 19, "9" * 5000, " 1"):
        assert whole_number(text) is None

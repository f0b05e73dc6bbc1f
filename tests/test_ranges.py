import pytest

from lib_t2p.ranges import SHOWN, is_number, number_text, said, within

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

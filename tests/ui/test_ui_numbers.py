from __future__ import annotations

import pytest

from lib_t2p.errors import InputError
from lib_t2p.ui.components import number_list, real_number, whole_number


def test_numbers_may_be_parted_by_commas_semicolons_and_spaces():
    assert number_list("0.6, 0.8;1  1.2", "Weights") == (0.6, 0.8, 1.0, 1.2)


@pytest.mark.parametrize("typed", ["", None, " , "])
def test_an_empty_list_names_the_field(typed: str | None):
    with pytest.raises(InputError, match="Seeds"):
        number_list(typed, "Seeds")


@pytest.mark.parametrize("typed", ["1, two", "nan", "inf"])
def test_what_is_no_number_is_named(typed: str):
    with pytest.raises(InputError, match="Seeds"):
        number_list(typed, "Seeds")


def test_a_fraction_is_no_whole_number():
    assert whole_number(3.0, "Size") == 3
    with pytest.raises(InputError, match=r"Size is 3\.5"):
        whole_number(3.5, "Size")
    with pytest.raises(InputError, match="empty"):
        real_number(None, "Size")
